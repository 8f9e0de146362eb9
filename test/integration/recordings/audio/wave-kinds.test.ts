import { audioUnderTest, ffmpegDecoder } from './audio-under-test.js';
import { chunk, SAMPLES, samplesAs, wave } from './wave-kinds.js';

const subject = audioUnderTest();
const { written } = subject;

const s16 = samplesAs(2, (to, at, sample) => to.writeInt16LE(sample, at));
const s24 = samplesAs(3, (to, at, sample) => to.writeIntLE(sample * 2 ** 8, at, 3));
const s32 = samplesAs(4, (to, at, sample) => to.writeInt32LE(sample * 2 ** 16, at));
const f32 = samplesAs(4, (to, at, sample) => to.writeFloatLE(sample / 2 ** 15, at));
const f64 = samplesAs(8, (to, at, sample) => to.writeDoubleLE(sample / 2 ** 15, at));
const stereo = Buffer.concat(
  SAMPLES.flatMap((_, i) => [s16.subarray(2 * i, 2 * i + 2), s16.subarray(2 * i, 2 * i + 2)]),
);
const swapped = (sound: Buffer, bytes: 2 | 4 | 8): Buffer => {
  const copy = Buffer.from(sound);
  return bytes === 2 ? copy.swap16() : bytes === 4 ? copy.swap32() : copy.swap64();
};
const s24be = samplesAs(3, (to, at, sample) => to.writeIntBE(sample * 2 ** 8, at, 3));
const RIFX = { magic: 'RIFX' } as const;

/** All of them hold the fixture's samples exactly. */
const EQUAL: [what: string, bytes: Buffer][] = [
  ['24 valid bits in 32', wave(s32, { bits: 32, validBits: 24 })],
  ['24 bits in blocks of 32', wave(s32, { bits: 24, blockAlign: 4 })],
  ['24 bits in blocks of 32, extensible', wave(s32, { bits: 24, blockAlign: 4, validBits: 24 })],
  ['20 valid bits in 32', wave(s32, { bits: 32, validBits: 20 })],
  ['16 valid bits in 32', wave(s32, { bits: 32, validBits: 16 })],
  ['16 bits in blocks of 32', wave(s32, { bits: 16, blockAlign: 4 })],
  ['20 valid bits in 24', wave(s24, { bits: 24, validBits: 20 })],
  ['20 bits in blocks of 24', wave(s24, { bits: 20, blockAlign: 3 })],
  ['16 valid bits in 24', wave(s24, { bits: 24, validBits: 16 })],
  ['12 valid bits in 16', wave(s16, { bits: 16, validBits: 12 })],
  ['12 bits in blocks of 16', wave(s16, { bits: 12, blockAlign: 2 })],
  ['8 valid bits in 16', wave(s16, { bits: 16, validBits: 8 })],
  ['24 valid bits of 32-bit floats', wave(f32, { tag: 3, bits: 32, validBits: 24 })],
  ['64-bit floats', wave(f64, { tag: 3, bits: 64 })],
  ['blocks of 0', wave(s16, { blockAlign: 0, bytesPerSecond: 44_100 })],
  ['blocks of 1', wave(s16, { blockAlign: 1, bytesPerSecond: 44_100 })],
  ['blocks of 3', wave(s16, { blockAlign: 3, bytesPerSecond: 44_100 })],
  ['blocks of 4', wave(s16, { blockAlign: 4, bytesPerSecond: 44_100 })],
  ['24 bits in blocks of 2', wave(s24, { bits: 24, blockAlign: 2, bytesPerSecond: 66_150 })],
  ['stereo in blocks of 2', wave(stereo, { channels: 2, blockAlign: 2, bytesPerSecond: 88_200 })],
  ['0 bytes a second', wave(s16, { bytesPerSecond: 0 })],
  ['big-endian integers', wave(swapped(s16, 2), {}, RIFX)],
  ['big-endian integers of 24 bits', wave(s24be, { bits: 24 }, RIFX)],
  ['big-endian integers of 32 bits', wave(swapped(s32, 4), { bits: 32 }, RIFX)],
  ['big-endian floats', wave(swapped(f32, 4), { tag: 3, bits: 32 }, RIFX)],
  [
    'a chunk of odd length',
    wave(s16, {}, { between: chunk('LIST', Buffer.from('INFOIART\x05\0\0\0hello\0'), 17) }),
  ],
  [
    'a chunk of odd length without its padding',
    wave(s16, {}, { between: chunk('LIST', Buffer.from('INFOIART\x05\0\0\0hello')) }),
  ],
  ...(['RF64', 'BW64'] as const).flatMap((magic): [string, Buffer][] => {
    const unknown = { magic, formLength: 0xffffffff, dataLength: 0xffffffff };
    const ds64 = (form: number, data: number): Buffer => {
      const content = Buffer.alloc(28);
      content.writeBigUInt64LE(BigInt(form), 0);
      content.writeBigUInt64LE(BigInt(data), 8);
      return chunk('ds64', content);
    };
    return [
      [`${magic} with its lengths`, wave(s16, {}, { ...unknown, first: ds64(80 + s16.length, s16.length) })],
      [`${magic} with none`, wave(s16, {}, { ...unknown, first: ds64(0, 0) })],
      [`${magic} without ds64`, wave(s16, {}, unknown)],
    ];
  }),
  ...[
    0, 0x7fff0000, 0x7ffff000, 0x7fffffdb, 0x7fffffff, 0x80000000, 0x80000024, 0xfffff000, 0xffffffdb,
    0xffffffff,
  ].flatMap((length): [string, Buffer][] => [
    [
      `0x${length.toString(16)} for a length`,
      wave(s16, {}, { dataLength: length, formLength: (length + 36) % 2 ** 32 }),
    ],
    [
      `0x${length.toString(16)} for a length, and 0 around it`,
      wave(s16, {}, { dataLength: length, formLength: 0 }),
    ],
  ]),
  [
    'a length of its own in a form of unknown length',
    wave(s16, {}, { dataLength: 5e6, formLength: 0xffffffff }),
  ],
  ['a length that its form contradicts', wave(s16, {}, { dataLength: 5e6 })],
  [
    'a header that says a tenth, of a recorder that was killed',
    wave(s16, {}, { dataLength: 4_410, formLength: 4_446 }),
  ],
];

test.each(EQUAL)('a wav with %s is read as what it is', async (_what, bytes) => {
  const plain = await subject.engine.extract(written(wave(s16)));
  const { audio, features } = await subject.engine.extract(written(bytes));
  expect(audio).toMatchObject({ duration_seconds: plain.audio.duration_seconds, sample_rate: 22_050 });
  for (const [i, value] of plain.features.entries()) {
    expect(Math.abs(features[i]! - value)).toBeLessThanOrEqual(1e-4 * Math.abs(value) + 1e-6);
  }
});

test('ffmpeg from PATH reads them all as what they are', async () => {
  const fromPath = await ffmpegDecoder();
  const plain = await fromPath.decode(written(wave(s16)));
  const wrong: Record<string, string> = {};
  for (const [what, bytes] of EQUAL) {
    // How they are read does not depend on who reads them, and starting ffmpeg takes its time.
    if (/^0x.* for a length/.test(what) && !what.startsWith('0x7ffff000')) continue;
    const { samples } = await fromPath.decode(written(bytes));
    const largest = samples.reduce(
      (most, sample, i) => Math.max(most, Math.abs(sample - (plain.samples[i] ?? 9))),
      0,
    );
    if (samples.length !== plain.samples.length || largest > 1e-4)
      wrong[what] = `${samples.length} samples, ${largest} off`;
  }
  expect(wrong).toEqual({});
}, 180_000);

const half = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length / 2);

test.each([
  ['24 valid bits in 32', half(wave(s32, { bits: 32, validBits: 24 }))],
  ['big-endian integers', half(wave(swapped(s16, 2), {}, RIFX))],
  ['ordinary lengths', half(wave(s16))],
])('half a wav with %s is AudioTruncated', async (_what, bytes) => {
  await expect(subject.engine.extract(written(bytes))).rejects.toMatchObject({ name: 'AudioTruncated' });
});

test('samples of a kind that does not exist are refused by name', async () => {
  await expect(subject.engine.extract(written(wave(s16, { tag: 3 })))).rejects.toThrow(
    'Audio cannot be decoded: floating point samples of 16 bits',
  );
});
