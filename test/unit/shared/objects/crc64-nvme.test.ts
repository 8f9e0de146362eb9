import * as fc from 'fast-check';
import { Crc64Nvme } from '../../../../src/objects/download/crc64-nvme.js';

/** By the definition, bit by bit. */
function slowSum(bytes: Uint8Array): string {
  let sum = (1n << 64n) - 1n;
  for (const byte of bytes) {
    sum ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) sum = (sum >> 1n) ^ (sum & 1n ? 0x9a6c9329ac4bc9b5n : 0n);
  }
  return (sum ^ ((1n << 64n) - 1n)).toString(16).padStart(16, '0');
}

async function digestOf(...pieces: Uint8Array[]): Promise<string> {
  const sum = new Crc64Nvme();
  for (const piece of pieces) sum.update(piece);
  return Buffer.from(await sum.digest()).toString('hex');
}

test('the check value of CRC-64/NVME is that of its catalogue', async () => {
  await expect(digestOf(Buffer.from('123456789'))).resolves.toBe('ae8b14860a799888');
});

test('bytes in any pieces have the sum of the whole', async () => {
  const piece = fc.uint8Array({ maxLength: 300 });
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 6 }), async (pieces) => {
      await expect(digestOf(...pieces)).resolves.toBe(slowSum(Buffer.concat(pieces)));
    }),
  );
});

test('a piece longer than the kernel takes at once is added whole', async () => {
  const bytes = new Uint8Array(200_003).map((_, index) => index * 31);
  await expect(digestOf(bytes)).resolves.toBe(
    await digestOf(bytes.subarray(0, 5), bytes.subarray(5, 100_000), bytes.subarray(100_000)),
  );
});

test('a sum that was reset starts anew', async () => {
  const sum = new Crc64Nvme();
  sum.update(Buffer.from('something else'));
  sum.reset();
  sum.update(Buffer.from('123456789'));
  expect(Buffer.from(await sum.digest()).toString('hex')).toBe('ae8b14860a799888');
});
