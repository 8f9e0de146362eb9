/** What is found behind recordings: tags and covers, what an upload or a disk left, and chance. */

/** The same bytes in every run. */
export function chance(count: number, seed = 7): Buffer {
  let state = seed;
  return Buffer.from(
    Array.from({ length: count }, () => {
      state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0;
      return state >>> 24;
    }),
  );
}

const COVER = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), chance(3_000)]);

function id3v1(): Buffer {
  const tag = Buffer.alloc(128);
  tag.write('TAGReading');
  return tag;
}

/** With a footer, as it must have at the end of a file. */
function id3v2(): Buffer {
  const picture = Buffer.concat([Buffer.from('APIC\0\0\x17\x70\0\0\0image/jpeg\0\x03\0', 'latin1'), COVER]);
  const frame = (name: string): Buffer => {
    const { length } = picture;
    const bits = [length >> 21, length >> 14, length >> 7, length].map((part) => part & 0x7f);
    return Buffer.from([...Buffer.from(name), 4, 0, 0x10, ...bits]);
  };
  return Buffer.concat([frame('ID3'), picture, frame('3DI')]);
}

function apev2(): Buffer {
  const items = Buffer.concat([Buffer.from('\xb8\x0b\0\0\x02\0\0\0Cover Art (Front)\0', 'latin1'), COVER]);
  const part = (flags: number): Buffer => {
    const header = Buffer.alloc(32);
    header.write('APETAGEX');
    header.writeUInt32LE(2_000, 8);
    header.writeUInt32LE(items.length + 32, 12);
    header.writeUInt32LE(1, 16);
    header.writeUInt32LE(flags, 20);
    return header;
  };
  return Buffer.concat([part(0xa0000000), items, part(0x80000000)]);
}

export const FOREIGN_ENDS: readonly [what: string, bytes: Buffer][] = [
  ['an ID3v1 tag', id3v1()],
  ['an ID3v2 tag with a cover', id3v2()],
  ['an APEv2 tag with a cover', apev2()],
  ['an APEv2 and an ID3v1 tag', Buffer.concat([apev2(), id3v1()])],
  ['lyrics', Buffer.from('LYRICSBEGININD0000200LYR00010hello wor000054LYRICS200')],
  ['the boundary of an upload', Buffer.from('\r\n------WebKitFormBoundaryAbCdEfGh12345678--\r\n')],
  ['one zero', Buffer.alloc(1)],
  ['a sector of zeros', Buffer.alloc(512)],
  ['a hundred thousand zeros', Buffer.alloc(100_000)],
  ['a line break', Buffer.from('\n')],
  ['spaces', Buffer.alloc(300, ' ')],
  ['erased flash', Buffer.alloc(3_000, 0xff)],
  ['a free box', Buffer.from('\0\0\0\x10free\0\0\0\0\0\0\0\0', 'latin1')],
  ['a free box that is not there as a whole', Buffer.from('\0\x01\0\x10free\0\0\0\0', 'latin1')],
  ['700 bytes of chance', chance(700)],
  ['5,000 bytes of chance', chance(5_000, 11)],
  ['20,000 bytes of chance', chance(20_000, 13)],
];
