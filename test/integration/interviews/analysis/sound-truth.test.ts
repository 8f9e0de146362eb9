import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  reduceAudio,
  type SoundMeasures,
} from '../../../../src/pipelines/interviews/analysis/audio/reduce-audio.js';
import type { TimeSpan } from '../../../../src/pipelines/interviews/contract/audio-part.js';
import { createMediaEngine } from '../../../../src/pipelines/interviews/media/create-media-engine.js';
import type { MediaEngine } from '../../../../src/pipelines/interviews/media/media-engine.js';
import { openFileSource } from '../../../../src/pipelines/interviews/media/sources/file-source.js';
import type { Transcriber } from '../../../../src/pipelines/interviews/models/transcript/transcriber.js';
import { projectRoot } from '../../../../tools/stack/folders.js';

/** Of docs/measures.md. */
const MOST_SPEECH_DIFFERENCE = 0.03;
const MOST_BORDER_SECONDS = 0.05;

interface SoundTruth {
  utterances: (TimeSpan & { text: string; words: number })[];
  speech_intervals_gap250ms: [number, number][];
  speech_seconds: number;
  words: number;
  syllables: number;
  articulation_rate_wpm: number;
  pauses_over_500ms: [number, number][];
  noise_floor_dbfs: number;
}

const fixture = (name: string): string => join(projectRoot(), 'test', 'fixtures', 'interviews', name);
const truthOf = (name: string): SoundTruth =>
  (JSON.parse(readFileSync(fixture(`labelled/${name}.truth.json`), 'utf8')) as { audio: SoundTruth }).audio;

describe('the sound of labelled media', () => {
  /** What is said in each piece of speech that is transcribed, in their order. */
  const texts: string[] = [];
  const told: Transcriber = {
    name: 'told',
    version: '1',
    transcribe: (_, segments) =>
      Promise.resolve(segments.map((segment) => ({ ...segment, text: texts.shift() ?? '' }))),
    release: () => Promise.resolve(),
  };
  let engine: MediaEngine;
  beforeAll(async () => {
    engine = await createMediaEngine({ size: 1, models: join(projectRoot(), 'models'), transcriber: told });
  });
  afterAll(() => engine.close());

  async function hear(name: string, transcribe = false): Promise<SoundMeasures> {
    const source = await openFileSource(fixture(name));
    try {
      const { facts, audio } = await engine.pass(source, { transcribe });
      return reduceAudio(audio!, facts);
    } finally {
      await source.close();
    }
  }

  const differences = (found: readonly TimeSpan[], truth: readonly [number, number][]): number[] => {
    if (found.length !== truth.length) throw new Error(`${found.length} found, expected ${truth.length}`);
    return found.flatMap(({ start, end }, index) => [
      Math.abs(start - truth[index]![0]),
      Math.abs(end - truth[index]![1]),
    ]);
  };

  it.each([
    'h01_one_face.mp4',
    'h03_second_face_6_14.mp4',
    'h04_head_turns_mediarecorder.webm',
    'h08_fast_220.m4a',
    'h10_pauses.webm',
  ])('%s: every interval of speech, every pause, and the noise between', async (name) => {
    const truth = truthOf(name);
    const { speech, audio } = await hear(`labelled/${name}`);
    expect(Math.abs(speech.speech_seconds / truth.speech_seconds - 1)).toBeLessThan(MOST_SPEECH_DIFFERENCE);
    expect(Math.max(...differences(speech.intervals, truth.speech_intervals_gap250ms))).toBeLessThan(
      MOST_BORDER_SECONDS,
    );
    expect(Math.max(0, ...differences(speech.pauses, truth.pauses_over_500ms))).toBeLessThan(
      MOST_BORDER_SECONDS,
    );
    // Opus takes some decibels off a noise that is hardly heard.
    expect(Math.abs(audio.noise_floor_dbfs! - truth.noise_floor_dbfs)).toBeLessThan(3);
    expect(audio.snr_db!).toBeCloseTo(audio.speech_level_dbfs! - audio.noise_floor_dbfs!, 0);
    expect(audio.clipped_ratio).toBe(0);
    expect(speech.pitch!.median_hz).toBeGreaterThan(90);
    expect(speech.pitch!.median_hz).toBeLessThan(115);
  });

  it('how fast somebody speaks, from what a transcriber of the parent says', async () => {
    const truth = truthOf('h10_pauses.webm');
    texts.push(...truth.utterances.map(({ text }) => text));
    const { speech, transcript } = await hear('labelled/h10_pauses.webm', true);
    expect(texts).toEqual([]);
    expect(speech.rate!.words).toBe(truth.words);
    expect(
      Math.abs(speech.rate!.articulation_words_per_minute / truth.articulation_rate_wpm - 1),
    ).toBeLessThan(0.03);
    expect(Math.abs(speech.rate!.syllables! / truth.syllables - 1)).toBeLessThan(0.1);
    if ('absent' in transcript) throw new Error(transcript.absent);
    for (const [index, { start, end }] of transcript.segments.entries()) {
      const { start: from, end: to } = truth.utterances[index]!;
      // Pieces have up to a quarter of a second around the words.
      expect([Math.abs(start - from), Math.abs(end - to)].every((seconds) => seconds < 0.4)).toBe(true);
    }
  });

  it('of a file whose sound begins late is on its own clock', async () => {
    const { speech, audio } = await hear('c10_audio_starts_late.mp4');
    expect(speech.intervals[0]!.start).toBeGreaterThan(3.9);
    expect(speech.intervals[0]!.start).toBeLessThan(4.1);
    expect(speech.first_speech_seconds).toBeCloseTo(1.1, 0);
    expect(audio.coverage.seconds).toBeCloseTo(9.1, 1);
  });

  it('of one channel that is silent is 6 dB quieter, and as much speech', async () => {
    const [one, both] = [await hear('c15_speech_on_right_only.mp4'), await hear('c02_moov_at_end.mp4')];
    expect(both.audio.speech_level_dbfs! - one.audio.speech_level_dbfs!).toBeCloseTo(6, 0);
    expect(Math.abs(one.speech.speech_seconds / both.speech.speech_seconds - 1)).toBeLessThan(0.03);
  });

  it('is the same in three layouts of one file, of which a fragmented one does not say how its encoder began', async () => {
    const [atEnd, atStart, fragmented] = [
      await hear('c02_moov_at_end.mp4'),
      await hear('c02_faststart_twin.mp4'),
      await hear('c02_fragmented_twin.mp4'),
    ];
    expect(atStart).toEqual(atEnd);
    expect(fragmented.speech.speech_seconds).toBeCloseTo(atEnd.speech.speech_seconds, 1);
    expect(fragmented.audio.integrated_lufs!).toBeCloseTo(atEnd.audio.integrated_lufs!, 0);
    // 1,024 samples at 16 kHz of silence, which the others' edit lists leave out.
    for (const [index, { start }] of fragmented.speech.intervals.entries()) {
      expect(start - atEnd.speech.intervals[index]!.start).toBeCloseTo(0.064, 1);
    }
  });

  it.each([['c16_chromium_audio_webm.webm'], ['c16_chromium_webm_vp8.webm']])(
    '%s, as a browser writes it, has its speech',
    async (name) => {
      const { speech } = await hear(name);
      expect(speech.speech_seconds).toBeGreaterThan(11);
      expect(speech.speech_seconds).toBeLessThan(13);
    },
  );

  it('of digital silence has nulls and zeros, and no number that is none', async () => {
    const measures = await hear('c06_digital_silence.m4a', true);
    expect(measures.speech).toMatchObject({ speech_seconds: 0, speech_ratio: 0, pause_count: 0, rate: null });
    expect(measures.transcript).toMatchObject({ segments: [], text: '', words: 0 });
    expect(measures.audio).toMatchObject({ digital_silence: true, integrated_lufs: null, snr_db: null });
    JSON.stringify(measures, (_, value: unknown) => {
      if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${value}`);
      return value;
    });
  });
});
