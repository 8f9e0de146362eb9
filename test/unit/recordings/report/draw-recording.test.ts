import { inflateSync } from 'node:zlib';
import {
  drawRecording,
  type Picture,
} from '../../../../src/pipelines/recordings/report/picture/draw-recording.js';

const RATE = 22_050;
const tone = (hertz: number, seconds: number, level = 0.5): Float32Array =>
  Float32Array.from(
    { length: seconds * RATE },
    (_, at) => level * Math.sin((2 * Math.PI * hertz * at) / RATE),
  );

/** Width, height, and the brightest row of the first column, from the top. */
function read({ spectrogram }: Picture): { width: number; height: number; brightestRow: number } {
  const png = Buffer.from(spectrogram.replace('data:image/png;base64,', ''), 'base64');
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const data = png.indexOf('IDAT');
  const lines = inflateSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4)));
  let [value, best, brightestRow] = [0, -1, 0];
  for (let row = 0; row < height; row++) {
    // Each line is the difference to the one above.
    value = (value + lines[row * (width + 1) + 1 + Math.floor(width / 2)]!) % 256;
    if (value > best) [best, brightestRow] = [value, row];
  }
  return { width, height, brightestRow };
}

describe('the picture of a recording', () => {
  test('has high tones above and low tones below', () => {
    const [low, high] = [tone(200, 1), tone(6_000, 1)].map((samples) => read(drawRecording(samples, RATE)));
    expect(low!.brightestRow).toBeGreaterThan(low!.height * 0.8);
    expect(high!.brightestRow).toBeLessThan(high!.height * 0.3);
  });

  test('is as wide as a card at the most, however long the recording', () => {
    const picture = drawRecording(tone(440, 60), RATE);
    expect(read(picture)).toMatchObject({ width: 480, height: 64 });
    expect(picture.waveform.max).toHaveLength(400);
    expect(picture.spectrogram.length).toBeLessThan(40_000);
  });

  test('shows the level of its samples, in thousandths', () => {
    const { waveform } = drawRecording(tone(440, 1, 0.5), RATE);
    expect(Math.max(...waveform.max)).toBe(500);
    expect(Math.min(...waveform.min)).toBe(-500);
  });

  test.each([
    ['a single sample', new Float32Array(1)],
    ['silence', new Float32Array(RATE)],
  ])('can be made of %s', (_name, samples) => {
    const picture = drawRecording(samples, RATE);
    expect(read(picture).width).toBe(picture.columns);
    expect(JSON.stringify(picture)).not.toContain('null');
  });
});
