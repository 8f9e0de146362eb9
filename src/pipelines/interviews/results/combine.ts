import type {
  AudioMeasures,
  ContentMeasures,
  SpeechMeasures,
  TranscriptMeasures,
} from '../contract/audio-measures.js';
import type { AudioPart } from '../contract/audio-part.js';
import type { InterviewJob, Question } from '../contract/job.js';
import type { MediaFacts } from '../contract/media-facts.js';
import type { InterviewResult } from '../contract/result.js';
import type { VideoMeasures } from '../contract/video-measures.js';
import type { VideoSample } from '../contract/video-sample.js';
import { buildResult, scheduleOf } from './build-result.js';
import type { InterviewParts, PartsOf } from './interview-parts.js';
import { seriesColumns } from './series-columns.js';

/** What makes measures of what the stages have found. */
export interface Reducers {
  video: (samples: readonly VideoSample[], facts: MediaFacts, options: { every: number }) => VideoMeasures;
  audio: (
    part: AudioPart,
    facts: MediaFacts,
  ) => { audio: AudioMeasures; speech: SpeechMeasures; transcript: TranscriptMeasures };
  content: (
    said: { transcript: TranscriptMeasures; questions: readonly Question[] },
    signal?: AbortSignal,
  ) => Promise<ContentMeasures>;
}

export interface CombineParts {
  parts: Pick<InterviewParts, 'readPass' | 'readChunks'>;
  reducers: Reducers;
  digestOf: (interviewId: string) => string;
  /** Days; undefined keeps results until they are erased. */
  retentionDays: number | undefined;
  now: () => Date;
}

export interface Combination {
  job: InterviewJob;
  of: PartsOf;
  /** 0 for sound alone. */
  chunks: number;
  /** Seconds between two pictures. */
  every: number;
}

export type Combine = (combination: Combination, signal?: AbortSignal) => Promise<InterviewResult>;

/**
 * Reads the parts of one attempt and makes the medium's result of them. Samples of all chunks are reduced together, once:
 * an average of averages would depend on where chunks begin.
 *
 * @throws PartMissing, DependencyUnavailable
 */
export function createCombine({ parts, reducers, digestOf, retentionDays, now }: CombineParts): Combine {
  return async ({ job, of, chunks, every }, signal) => {
    const { facts, audio } = await parts.readPass(of);
    const samples = inOrder((await parts.readChunks(of, chunks)).flatMap((chunk) => chunk.samples));
    const ofVideo = chunks > 0 && facts.video !== undefined;
    const heard = audio === undefined ? undefined : reducers.audio(audio, facts);
    const content =
      heard === undefined
        ? undefined
        : await reducers.content({ transcript: heard.transcript, questions: job.questions ?? [] }, signal);
    return buildResult({
      job,
      of,
      interviewDigest: digestOf(job.interview_id),
      facts,
      measures: {
        ...(ofVideo && { video: reducers.video(samples, facts, { every }) }),
        ...heard,
        ...(content !== undefined && { content }),
      },
      columns: seriesColumns(facts, samples, every, audio),
      schedule: ofVideo ? scheduleOf(samples, every) : undefined,
      now: now(),
      retentionDays,
    });
  };
}

/** By their place on the grid; a place that two chunks have sampled counts once. */
function inOrder(samples: VideoSample[]): VideoSample[] {
  samples.sort((one, other) => one.k - other.k);
  return samples.filter(({ k }, index) => index === 0 || k !== samples[index - 1]!.k);
}
