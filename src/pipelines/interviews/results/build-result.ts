import type {
  AudioMeasures,
  ContentMeasures,
  SpeechMeasures,
  TranscriptMeasures,
} from '../contract/audio-measures.js';
import type { Engine } from '../contract/audio-part.js';
import type { InterviewJob } from '../contract/job.js';
import type { MediaFacts } from '../contract/media-facts.js';
import {
  ENGINE_VERSION,
  NOT_MEASURED,
  type InterviewResult,
  type MediaSummary,
  type SampleSchedule,
  type SeriesColumns,
} from '../contract/result.js';
import type { VideoMeasures } from '../contract/video-measures.js';
import type { VideoSample } from '../contract/video-sample.js';
import type { PartsOf } from './interview-parts.js';
import { resultId } from './result-id.js';

/** What a result is put together from. */
export interface ResultContents {
  job: InterviewJob;
  of: PartsOf;
  interviewDigest: string;
  facts: MediaFacts;
  measures: {
    video?: VideoMeasures;
    audio?: AudioMeasures;
    speech?: SpeechMeasures;
    transcript?: TranscriptMeasures;
    content?: ContentMeasures;
  };
  columns: SeriesColumns;
  schedule: SampleSchedule | undefined;
  now: Date;
  /** Days; undefined keeps it until it is erased. */
  retentionDays: number | undefined;
}

const DAY_MS = 86_400_000;

/** The document of one medium. */
export function buildResult(contents: ResultContents): InterviewResult {
  const { job, of, interviewDigest, facts, measures, columns, schedule, now, retentionDays } = contents;
  const { interview_id, interview_type, bucket, key, job_id, revision } = job;
  const startedAt = job.started_at ?? now;
  return {
    _id: resultId(job, of.etag),
    interview_id,
    interview_type,
    bucket,
    key,
    etag: of.etag,
    interview_digest: interviewDigest,
    job_id,
    run_id: of.run_id,
    revision,
    engine_version: ENGINE_VERSION,
    media: summarize(facts),
    warnings: facts.warnings,
    ...measures,
    series: { stored: 'document', columns },
    ...(schedule !== undefined && { schedule }),
    not_measured: NOT_MEASURED,
    engines: enginesOf(measures),
    timings: { started_at: startedAt, seconds: Math.max(0, (now.getTime() - startedAt.getTime()) / 1000) },
    created_at: now,
    ...(retentionDays !== undefined && { expires_at: new Date(now.getTime() + retentionDays * DAY_MS) }),
  };
}

function summarize({ container, size, stated_duration, duration, video, audio }: MediaFacts): MediaSummary {
  return {
    container,
    size,
    stated_duration,
    duration,
    ...(video !== undefined && {
      video: {
        codec: video.codec,
        width: video.width,
        height: video.height,
        rotation: video.rotation,
        seconds: video.end - video.start,
        frames: video.frames,
        keyframe_interval: longestGap(video.keyframes.map(({ time }) => time)),
      },
    }),
    ...(audio !== undefined && {
      audio: {
        codec: audio.codec,
        rate: audio.rate,
        channels: audio.channels,
        seconds: audio.end - audio.start,
      },
    }),
  };
}

function longestGap(times: readonly number[]): number | null {
  let longest: number | null = null;
  for (let index = 1; index < times.length; index++) {
    longest = Math.max(longest ?? 0, times[index]! - times[index - 1]!);
  }
  return longest;
}

/** Of a whole medium's samples, in order: which places of the grid have one. */
export function scheduleOf(samples: readonly VideoSample[], every: number): SampleSchedule {
  const taken: [number, number][] = [];
  for (const { k } of samples) {
    const last = taken.at(-1);
    if (last !== undefined && k === last[1] + 1) last[1] = k;
    else taken.push([k, k]);
  }
  return { every, taken };
}

/** Everything in the measures that has an engine, each once, by name. */
function enginesOf(measures: object): Engine[] {
  const found = new Map<string, Engine>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    const { engine } = value as { engine?: Engine };
    if (engine !== undefined) found.set(`${engine.name}@${engine.version}`, engine);
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(measures);
  return [...found.keys()].sort().map((name) => found.get(name)!);
}
