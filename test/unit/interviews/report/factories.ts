import type { AudioMeasures, SpeechMeasures } from '#vachan/pipelines/interviews/contract/audio-measures.js';
import type { VideoMeasures } from '#vachan/pipelines/interviews/contract/video-measures.js';
import type {
  InterviewReport,
  ReportedMedium,
} from '#vachan/pipelines/interviews/report/interview-report.js';
import { audioPart, facts, job, NOW, result, sample } from '../results/factories.js';
import { seriesColumns } from '#vachan/pipelines/interviews/results/series-columns.js';

const coverage = { seconds: 4, ratio: 1 };
const engine = { name: 'vachan', version: '1' };
const spread = { median: 0.5, low: 0.4, high: 0.6 };

export function videoMeasures(given: Partial<VideoMeasures> = {}): VideoMeasures {
  return {
    sampling: { every: 1, expected: 4, taken: 4, held: 0 },
    faces: {
      engine: { name: 'blazeface-full-range', version: '0.4.1657300184' },
      coverage,
      face_present_ratio: 0.75,
      multiple_faces_ratio: 0,
      seconds_by_count: [
        { faces: 0, seconds: 1 },
        { faces: 1, seconds: 2 },
        { faces: 2, seconds: 1 },
      ],
      counts: [
        { start: 0, end: 2, faces: 1 },
        { start: 2, end: 3, faces: 0 },
        { start: 3, end: 4, faces: 2 },
      ],
      absent: [{ start: 2, end: 3 }],
      multiple: [{ start: 3, end: 4 }],
    },
    position: { engine, coverage, x: spread, y: spread, size: spread, cut_off_ratio: 0 },
    head: {
      engine,
      coverage,
      own_median: { yaw: 0, pitch: 0, roll: 0 },
      yaw: spread,
      pitch: spread,
      turned_ratio: 0.25,
      turns: [{ start: 0.5, end: 1.5, direction: 'left' }],
    },
    eyes: { engine, coverage, own_median: { x: 0, y: 0 }, x: spread, y: spread, off_ratio: 0, off: [] },
    picture: {
      engine,
      coverage,
      brightness: spread,
      sharpness: spread,
      dark_ratio: 0,
      frozen_ratio: 0,
      frozen: [],
    },
    ...given,
  };
}

export function audioMeasures(given: Partial<AudioMeasures> = {}): AudioMeasures {
  return {
    coverage,
    engine,
    rate: 48_000,
    channels: 1,
    digital_silence: false,
    integrated_lufs: -23.1,
    max_momentary_lufs: -20,
    max_short_term_lufs: -21,
    loudness_range_lu: null,
    true_peak_dbtp: -1.2,
    sample_peak_dbfs: -1.5,
    rms_dbfs: -25,
    clipped_ratio: 0,
    speech_level_dbfs: -22,
    noise_floor_dbfs: -60,
    snr_db: 38,
    ...given,
  };
}

export function speechMeasures(given: Partial<SpeechMeasures> = {}): SpeechMeasures {
  return {
    coverage,
    engine: { name: 'silero-vad', version: '6.2' },
    speech_seconds: 2,
    speech_ratio: 0.5,
    intervals: [
      { start: 0, end: 1 },
      { start: 2, end: 3 },
    ],
    pauses: [{ start: 1, end: 2 }],
    pause_count: 1,
    pause_seconds: 1,
    longest_pause_seconds: 1,
    median_pause_seconds: 1,
    pauses_per_minute: 15,
    first_speech_seconds: 0,
    pitch: null,
    rate: null,
    fillers: null,
    ...given,
  };
}

/** A video with everything in it. */
export function medium(words = 'well, um, because'): ReportedMedium {
  return {
    result: result({
      measures: {
        video: videoMeasures(),
        audio: audioMeasures(),
        speech: speechMeasures(),
        transcript: {
          engine: { name: 'moonshine-tiny', version: '0.0.49' },
          language: 'en',
          coverage,
          segments: [{ start: 0, end: 1, text: words }],
          text: words,
          words: 3,
        },
        content: {
          engine,
          words: 3,
          distinct_words: 3,
          sentences: 1,
          questions: [
            {
              question: 0,
              coverage: 0.5,
              key_points: [
                { key_point: 0, covered: true, score: 1, at: { start: 0, end: 1 } },
                { key_point: 1, covered: false, score: 0.2, at: null },
              ],
            },
          ],
        },
      },
    }),
    columns: seriesColumns(facts(), [sample(0), sample(1)], 1, audioPart()),
  };
}

export function interviewReport(given: Partial<InterviewReport> = {}): InterviewReport {
  return {
    interviewId: 'interview-7',
    generatedAt: NOW,
    version: '0.1.0',
    writtenBy: 'vachan interviews report',
    jobs: [job({ status: '3', questions: [{ text: 'Why?', key_points: ['because', 'therefore'] }] })],
    media: [medium()],
    ...given,
  };
}
