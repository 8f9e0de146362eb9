import {
  joined,
  openSpeechDetector,
  type SpeechDetector,
} from '../../../../../src/pipelines/interviews/models/speech/speech-detector.js';
import { FRAME_SAMPLES } from '../../../../../src/pipelines/interviews/models/speech/speech-segments.js';
import { modelFolder } from '../../../../../tools/models/verify-models.js';
import { wavSamples } from '../../../../../tools/models/wav-samples.js';

describe('the speech detector', () => {
  let detector: SpeechDetector;
  beforeAll(async () => {
    detector = await openSpeechDetector(modelFolder('silero-vad'));
  });
  afterAll(() => detector.release());

  const hear = async (samples: Float32Array, piece: number): Promise<number[]> => {
    const listener = detector.listen();
    const heard = [];
    for (let at = 0; at < samples.length; at += piece) {
      heard.push(await listener.hear(samples.subarray(at, at + piece)));
    }
    return [...joined(heard), ...(await listener.finish())];
  };

  it('says the same however the recording is cut into pieces, longer than one run included', async () => {
    const reading = wavSamples('samples/en-story-2.wav');
    const twice = new Float32Array(2 * reading.length);
    twice.set(reading);
    twice.set(reading, reading.length);
    const whole = await hear(twice, twice.length);
    expect(whole).toHaveLength(Math.ceil(twice.length / FRAME_SAMPLES));
    expect(await hear(twice, 1_000)).toEqual(whole);
    expect(await hear(twice, 4_096)).toEqual(whole);
  });

  it('hears two recordings at once without mixing them', async () => {
    const reading = wavSamples('samples/en-story-2.wav').subarray(0, 32_000);
    const alone = await hear(reading, reading.length);
    const [one, silent] = [detector.listen(), detector.listen()];
    for (let at = 0; at < reading.length; at += 8_000) {
      await one.hear(reading.subarray(at, at + 8_000));
      await silent.hear(new Float32Array(8_000));
    }
    expect([...(await one.finish())]).toEqual(alone);
    expect(Math.max(...(await silent.finish()))).toBeLessThan(0.1);
  });

  it('finds nothing in nothing', async () => {
    expect(await hear(new Float32Array(0), 1)).toEqual([]);
  });

  it('goes on after samples that are no numbers, which damaged files may hold', async () => {
    const reading = wavSamples('samples/en-story-2.wav');
    const damaged = reading.slice();
    damaged.fill(NaN, 100, 200);
    damaged[300] = Infinity;
    const [whole, found] = [await hear(reading, reading.length), await hear(damaged, damaged.length)];
    expect(found.every(Number.isFinite)).toBe(true);
    expect(found.slice(20).map((value) => value > 0.5)).toEqual(whole.slice(20).map((value) => value > 0.5));
  });
});
