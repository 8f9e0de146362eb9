import type { AudioPart } from '#vachan/pipelines/interviews/contract/audio-part.js';
import type { InterviewJob } from '#vachan/pipelines/interviews/contract/job.js';
import type { MediaFacts } from '#vachan/pipelines/interviews/contract/media-facts.js';
import type { InterviewResult } from '#vachan/pipelines/interviews/contract/result.js';
import type { VideoSample } from '#vachan/pipelines/interviews/contract/video-sample.js';
import { buildResult, type ResultContents } from '#vachan/pipelines/interviews/results/build-result.js';

export const JOB_ID = '65a000000000000000000001';
export const NOW = new Date('2026-03-01T10:00:00Z');

export function job(given: Partial<InterviewJob> = {}): InterviewJob {
  return {
    job_id: JOB_ID,
    interview_id: 'interview-7',
    interview_type: 'video',
    bucket: 'media',
    key: 'interview-7.mp4',
    status: '1',
    data_process: '1',
    created_at: new Date('2026-03-01T09:00:00Z'),
    updated_at: new Date('2026-03-01T09:59:50Z'),
    started_at: new Date('2026-03-01T09:59:50Z'),
    attempts: 1,
    run_id: 'run-1',
    revision: 0,
    ...given,
  };
}

export function facts(given: Partial<MediaFacts> = {}): MediaFacts {
  return {
    container: 'mov',
    size: 1_000_000,
    stated_duration: 4,
    duration: 4,
    video: {
      codec: 'h264',
      width: 1280,
      height: 720,
      rotation: 0,
      start: 0,
      end: 4,
      frames: 120,
      reorder: 0,
      keyframes: [
        { time: 0, position: 100 },
        { time: 1, position: 2_000 },
        { time: 3.5, position: 5_000 },
      ],
    },
    audio: { codec: 'aac', rate: 48_000, channels: 1, start: 0, end: 4 },
    warnings: [],
    sequential: false,
    ...given,
  };
}

export function sample(k: number, given: Partial<VideoSample> = {}): VideoSample {
  return {
    k,
    time: k + 0.01,
    faces: [
      { score: 0.9, box: { x: 0.4, y: 0.3, width: 0.2, height: 0.3 }, pose: { yaw: k, pitch: 0, roll: 0 } },
    ],
    brightness: 0.5,
    sharpness: 120,
    signature: `s${k}`,
    ...given,
  };
}

export function audioPart(given: Partial<AudioPart> = {}): AudioPart {
  const levels = { lowest_db: -100, step_db: 1, counts: [0, 1] };
  return {
    start: 0,
    end: 4,
    heard_seconds: 4,
    rate: 48_000,
    channels: 1,
    level: {
      tenths: [0.1, 0.2],
      sample_peak: 0.5,
      true_peak: 0.6,
      samples: 192_000,
      clipped_samples: 0,
      square_sum: 10,
      speech_levels: levels,
      quiet_levels: levels,
    },
    speech: [{ start: 1, end: 3 }],
    pitch: { frames: 2, lowest_hz: 50, steps_per_octave: 24, counts: [1, 1] },
    seconds: [
      { k: 0, level_db: -60.04, speech: 0, pitch_hz: null },
      { k: 1, level_db: -20, speech: 1, pitch_hz: 121.23 },
      { k: 2, level_db: -21, speech: 1, pitch_hz: 118 },
      { k: 3, level_db: -61, speech: 0, pitch_hz: null },
    ],
    speech_engine: { name: 'silero-vad', version: '6.2' },
    transcript: { absent: 'no_model' },
    ...given,
  };
}

export function result(given: Partial<ResultContents> = {}): InterviewResult {
  const { run_id } = given.job ?? job();
  return buildResult({
    job: job(),
    of: { job_id: JOB_ID, run_id: run_id ?? 'run-1', etag: '"one"' },
    interviewDigest: 'd'.repeat(32),
    facts: facts(),
    measures: {},
    columns: {
      time: [0],
      faces: [1],
      yaw: [0],
      pitch: [0],
      brightness: [0.5],
      sharpness: [100],
      level: [-20],
      speech: [1],
      pitch_hz: [120],
    },
    schedule: { every: 1, taken: [[0, 3]] },
    now: NOW,
    retentionDays: undefined,
    ...given,
  });
}
