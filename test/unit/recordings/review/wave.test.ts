import { encodeWave } from '../../../../src/pipelines/recordings/review/sound/wave.js';

describe('a wave file', () => {
  test('has the header that browsers read, and samples of 16 bits', () => {
    const wave = encodeWave(Float32Array.of(0, 0.5, -1, 2, NaN), 22_050);
    expect(wave.toString('latin1', 0, 4) + wave.toString('latin1', 8, 16)).toBe('RIFFWAVEfmt ');
    expect(wave.readUInt32LE(4)).toBe(wave.length - 8);
    expect([wave.readUInt16LE(20), wave.readUInt16LE(22), wave.readUInt32LE(24)]).toEqual([1, 1, 22_050]);
    expect([wave.readUInt32LE(28), wave.readUInt16LE(32), wave.readUInt16LE(34)]).toEqual([44_100, 2, 16]);
    expect(wave.readUInt32LE(40)).toBe(10);
    const samples = [0, 1, 2, 3, 4].map((at) => wave.readInt16LE(44 + 2 * at));
    expect(samples).toEqual([0, 16_384, -32_767, 32_767, 0]);
  });

  test('of nothing is a header', () => {
    expect(encodeWave(new Float32Array(0), 22_050)).toHaveLength(44);
  });
});
