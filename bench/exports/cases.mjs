// The archives of the bench, by name: what is in them is made as it is asked for, so that none of them is on disk.
import { randomBytes } from 'node:crypto';

const MIB = 1024 * 1024;

/** Like exports of tables are: deflate makes a third of it. */
function tableText(bytes) {
  const lines = [];
  for (let length = 0, row = 0; length < bytes; row++) {
    const line = `${row},${randomBytes(4).toString('hex')},2026-11-${String((row % 28) + 1).padStart(2, '0')},name-${row % 977},${((row * 7919) % 100_000) / 100},active\n`;
    lines.push(line);
    length += line.length;
  }
  return Buffer.from(lines.join('')).subarray(0, bytes);
}

const nameOf = (n) => `folder/entry-${n}.csv`;

const sameEntries = (count, { mebibytes, times, method = 'deflate' }) => ({
  sizes: () => Array.from({ length: count }, (_, n) => [nameOf(n), mebibytes * MIB * times]),
  entries: () => {
    const block = tableText(mebibytes * MIB);
    return Array.from({ length: count }, (_, n) => ({ name: nameOf(n), method, data: { block, times } }));
  },
});

const smallEntries = (count, bytes) => ({
  sizes: () => Array.from({ length: count }, (_, n) => [nameOf(n), bytes]),
  entries: () => {
    const text = tableText(bytes + count);
    // Each one is another text.
    return Array.from({ length: count }, (_, n) => ({ name: nameOf(n), data: text.subarray(n, n + bytes) }));
  },
});

/**
 * What is in each case's archive: `sizes()`, pairs of name and bytes, and `entries()`, with contents. `peer` tells whether the Python peer
 * takes it too (it holds whole entries in memory).
 */
export const CASES = {
  large: {
    what: '2.1 GB in four deflated entries',
    peer: true,
    content: (quick) => sameEntries(4, { mebibytes: quick ? 1 : 8, times: quick ? 10 : 63 }),
  },
  small: {
    what: '10,000 deflated entries of 64 KB',
    peer: true,
    content: (quick) => smallEntries(quick ? 100 : 10_000, 64 * 1024),
  },
  stored: {
    what: 'one stored entry of 4.4 GB (zip64)',
    peer: false,
    content: (quick) => sameEntries(1, { mebibytes: 8, times: quick ? 2 : 525, method: 'store' }),
  },
  deflated: {
    what: 'one deflated entry of 8 GB (zip64)',
    peer: false,
    content: (quick) => sameEntries(1, { mebibytes: 8, times: quick ? 2 : 954 }),
  },
};
