import fc from 'fast-check';
import { createAudioListener } from '../../../../../src/pipelines/interviews/analysis/audio/create-audio-listener.js';
import { reduceAudio } from '../../../../../src/pipelines/interviews/analysis/audio/reduce-audio.js';
import type { AudioPart } from '../../../../../src/pipelines/interviews/contract/audio-part.js';
import {
  openSpeechDetector,
  type SpeechDetector,
} from '../../../../../src/pipelines/interviews/models/speech/speech-detector.js';
import type { Transcriber } from '../../../../../src/pipelines/interviews/models/transcript/transcriber.js';
import { modelFolder } from '../../../../../tools/models/verify-models.js';
import { wavSamples } from '../../../../../tools/models/wav-samples.js';
import { joinedSounds, noise, piecesOf } from './sounds.js';

/** Four seconds of a reading, with the pauses between its sentences. */
const reading = wavSamples('samples/en-story-2.wav').subarray(0, 64_000);
const off = { absent: 'switched_off' } as const;

interface HearOptions {
  rate?: number;
  lengths?: number[];
  start?: number;
  transcriber?: Transcriber | typeof off;
}

describe('an audio listener', () => {
  let speech: SpeechDetector;
  beforeAll(async () => {
    speech = await openSpeechDetector(modelFolder('silero-vad'));
  });
  afterAll(() => speech.release());

  const listen = (transcriber: Transcriber | typeof off = off) =>
    createAudioListener({ speech, transcriber, language: 'en' });

  async function hear(
    channels: Float32Array[],
    { rate = 16_000, lengths = [4_096], start = 0, transcriber = off }: HearOptions = {},
  ): Promise<AudioPart> {
    const listener = listen(transcriber);
    let at = 0;
    for (const piece of piecesOf(channels, lengths)) {
      await listener.hear({ channels: piece, rate, start: start + at / rate });
      at += piece[0]!.length;
    }
    return (await listener.end())!;
  }

  it('hears the same however the sound is cut into pieces', async () => {
    const two = reading.subarray(0, 40_000);
    const channels = [two, two.map((sample) => sample / 2)];
    const whole = await hear(channels, { rate: 22_050, lengths: [reading.length] });
    expect(whole.speech.length).toBeGreaterThan(0);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 1, maxLength: 5 }),
        async (lengths) => {
          // Thousands of pieces of one sample would only take longer.
          fc.pre(lengths.reduce((sum, length) => sum + length, 0) > 500 * lengths.length);
          expect(await hear(channels, { rate: 22_050, lengths })).toEqual(whole);
        },
      ),
      { seed: 3, numRuns: 6, endOnFailure: true },
    );
  });

  it('gives times on the container’s clock, where the sound begins late, too', async () => {
    const early = await hear([reading]);
    const late = await hear([reading], { start: 3 });
    expect(late).toMatchObject({ start: 3, end: 7, heard_seconds: 4 });
    expect(late.speech.map(({ start }) => start - 3)).toEqual(
      early.speech.map(({ start }) => expect.closeTo(start, 6) as number),
    );
    expect(late.seconds.map(({ k }) => k)).toEqual([3, 4, 5, 6]);
  });

  it('keeps to the clock over gaps of any length, and does not count them as sound', async () => {
    const listener = listen();
    const gaps = [0, 4.5, 20_000];
    for (const start of gaps) await listener.hear({ channels: [reading], rate: 16_000, start });
    const part = (await listener.end())!;
    expect(part).toMatchObject({ start: 0, end: 20_004, heard_seconds: 12 });
    const [once, twice, thrice] = gaps.map((start) =>
      part.speech.filter((one) => one.start >= start && one.end <= start + 4.01),
    );
    expect(once!.length).toBeGreaterThan(0);
    expect([twice!.length, thrice!.length]).toEqual([once!.length, once!.length]);
    expect(part.speech).toHaveLength(3 * once!.length);
    expect(thrice![0]!.start - 20_000).toBeCloseTo(once![0]!.start, 1);
    expect(part.seconds.length).toBeLessThan(20);
  });

  it('takes time stamps that round, go back or are no numbers for what they are', async () => {
    const listener = listen();
    for (const [index, start] of [0, 0.03, -5, NaN, 0.41].entries()) {
      const channels = [reading.subarray(index * 1_600, (index + 1) * 1_600)];
      await listener.hear({ channels, rate: 16_000, start });
    }
    expect(await listener.end()).toMatchObject({ start: 0, end: 0.5, heard_seconds: 0.5 });
  });

  it('finds a voice in one channel, at a rate and with channels that change on the way', async () => {
    const silence = new Float32Array(reading.length);
    const [both, right] = [await hear([reading, reading]), await hear([silence, reading])];
    expect(right.speech).toHaveLength(both.speech.length);
    expect(
      reduceAudio(both, { duration: 4 }).audio.speech_level_dbfs! -
        reduceAudio(right, { duration: 4 }).audio.speech_level_dbfs!,
    ).toBeCloseTo(6, 0);
    const listener = listen();
    await listener.hear({ channels: [reading], rate: 16_000, start: 0 });
    await listener.hear({
      channels: [reading.subarray(0, 16_000), silence.subarray(0, 16_000)],
      rate: 16_000,
      start: 4,
    });
    await listener.hear({ channels: [reading], rate: 32_000, start: 5 });
    expect(await listener.end()).toMatchObject({ end: 7, heard_seconds: 7, rate: 16_000, channels: 1 });
  });

  it('says finite numbers of digital silence, of damage, and of a single sample; of nothing, nothing', async () => {
    const damaged = noise(16_000, 0.1).map((sample, index) =>
      index % 1_000 === 0 ? NaN : index % 1_001 === 0 ? 3e38 : sample,
    );
    for (const sound of [new Float32Array(48_000), damaged, Float32Array.of(0.1)]) {
      const part = await hear([sound]);
      const measures = reduceAudio(part, { duration: sound.length / 16_000 });
      const numbers = JSON.stringify([part, measures], (_, value: unknown) => {
        if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${value}`);
        return value;
      });
      expect(numbers).toContain('"speech_seconds":0');
    }
    const { audio, speech: said } = reduceAudio(await hear([new Float32Array(48_000)]), { duration: 3 });
    expect(audio).toMatchObject({
      digital_silence: true,
      integrated_lufs: null,
      snr_db: null,
      true_peak_dbtp: null,
    });
    expect(said).toMatchObject({
      speech_ratio: 0,
      pause_count: 0,
      pitch: null,
      rate: null,
      first_speech_seconds: null,
    });
    expect(await listen().end()).toBeUndefined();
  });

  it('measures speech against the noise between it', async () => {
    const quiet = new Float32Array(32_000);
    const clean = joinedSounds(quiet, reading, quiet);
    const hiss = noise(clean.length, 10 ** (-55 / 20));
    const part = await hear([clean.map((sample, index) => sample + hiss[index]!)]);
    const { audio } = reduceAudio(part, { duration: part.end });
    expect(audio.noise_floor_dbfs).toBeCloseTo(-55, 0);
    expect(audio.snr_db).toBeCloseTo(audio.speech_level_dbfs! + 55, 0);
  });

  describe('with a transcriber', () => {
    const given: { samples: number; language: string }[] = [];
    const transcriber = (transcribe: () => Promise<string>): Transcriber => ({
      name: 'test',
      version: '1',
      languages: ['en'],
      transcribe: async (pcm16k, segments, { language }) => {
        given.push({ samples: pcm16k.length, language });
        const text = await transcribe();
        return segments.map((segment) => ({ ...segment, text }));
      },
      release: () => Promise.resolve(),
    });
    beforeEach(() => given.splice(0));

    it('has speech alone written down, at the times of its pieces', async () => {
      const silence = new Float32Array(32_000);
      const sound = joinedSounds(silence, reading, silence, reading);
      const part = await hear([sound], {
        start: 10,
        transcriber: transcriber(() => Promise.resolve('hello um there')),
      });
      const { transcript, speech: said } = reduceAudio(part, { duration: 12 });
      if ('absent' in transcript) throw new Error(transcript.absent);
      expect(transcript.segments).toHaveLength(given.length);
      const [first, last] = [transcript.segments[0]!, transcript.segments.at(-1)!];
      expect(first.start).toBeGreaterThan(11.7);
      expect(first.end).toBeLessThan(16.3);
      expect(last.start).toBeGreaterThan(17.7);
      expect(given.reduce((sum, { samples }) => sum + samples, 0)).toBeLessThan(sound.length * 0.8);
      expect(said.rate).toMatchObject({ words: 2 * given.length, syllables: 3 * given.length });
      expect(said.fillers).toMatchObject({ count: given.length, words: { um: given.length } });
    });

    it('has none where the language is unknown to it or it fails, and all other measures', async () => {
      const listener = createAudioListener({
        speech,
        language: 'de',
        transcriber: transcriber(() => Promise.resolve('')),
      });
      await listener.hear({ channels: [reading], rate: 16_000, start: 0 });
      expect(await listener.end()).toMatchObject({ transcript: { absent: 'language_unknown' } });
      const british = createAudioListener({
        speech,
        language: 'en-GB',
        transcriber: transcriber(() => Promise.resolve('')),
      });
      await british.hear({ channels: [reading], rate: 16_000, start: 0 });
      expect(await british.end()).toMatchObject({ transcript: { language: 'en' } });
      const failing = await hear([reading], {
        transcriber: transcriber(() => Promise.reject(new Error('no'))),
      });
      expect(failing.transcript).toEqual({ absent: 'engine_failed' });
      expect(failing.speech.length).toBeGreaterThan(0);
    });

    it('says of speech without words an empty transcript, and no rate of words that are not there', async () => {
      const part = await hear([reading], { transcriber: transcriber(() => Promise.resolve(' ')) });
      const { transcript, speech: said } = reduceAudio(part, { duration: 4 });
      expect(transcript).toMatchObject({ segments: [], text: '', words: 0, coverage: { ratio: 1 } });
      expect(said.rate).toMatchObject({ words: 0, words_per_minute: 0 });
    });
  });
});
