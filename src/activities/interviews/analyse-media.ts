import { Context } from '@temporalio/activity';
import type { InterviewJob } from '../../pipelines/interviews/contract/job.js';
import type { VideoSample } from '../../pipelines/interviews/contract/video-sample.js';
import type { MediaFacts } from '../../pipelines/interviews/contract/media-facts.js';
import type { InterviewJobs } from '../../pipelines/interviews/jobs/interview-jobs.js';
import { ClaimLost } from '../../pipelines/interviews/results/result-errors.js';
import type { MediaEngine, PassOptions } from '../../pipelines/interviews/media/media-engine.js';
import { MediaRefused } from '../../pipelines/interviews/media/media-errors.js';
import type { MediaSource } from '../../pipelines/interviews/media/media-source.js';
import {
  sampleAdaptively,
  type SampleVideo,
} from '../../pipelines/interviews/analysis/video/sample-adaptively.js';
import { planChunks, type VideoChunk } from '../../pipelines/interviews/media/plan-chunks.js';
import type { HeldJobs } from '../../pipelines/interviews/process/held-jobs.js';
import type { InterviewParts } from '../../pipelines/interviews/results/interview-parts.js';
import type { InterviewsSettings } from '../../pipelines/interviews/settings/index.js';
import type { ChunkActivities, HostActivities, WorkRef } from './activity-types.js';

const MIB = 1024 * 1024;

export interface MediaParts {
  config: Pick<
    InterviewsSettings,
    | 'STREAMING_CHUNK_SIZE_MB'
    | 'INTERVIEW_CHUNK_LEAST'
    | 'INTERVIEW_SAMPLE_SECONDS'
    | 'INTERVIEW_SAMPLING'
    | 'INTERVIEW_TRANSCRIBER'
  >;
  jobs: Pick<InterviewJobs, 'get'>;
  parts: Pick<InterviewParts, 'putPass' | 'putChunk' | 'putIndex' | 'readIndex' | 'found'>;
  engine: Pick<MediaEngine, 'pass' | 'sampleVideo'>;
  /** The object of a job, as long as it is the one of this ETag. */
  openSource: (job: InterviewJob, etag: string, signal: AbortSignal) => Promise<MediaSource>;
  digestOf: (interviewId: string) => string;
}

/** The steps that read a medium, on the process that holds the job's place. */
export function createPassActivities(
  deps: MediaParts & { held: HeldJobs },
): Pick<HostActivities, 'passMedia' | 'indexMedia' | 'hearMedia'> {
  const { config, held, parts, engine } = deps;
  /** Reads the medium of a held job. */
  const reading = <T>(
    { job_id, run_id, etag }: WorkRef,
    read: (medium: HeldMedium) => Promise<T>,
  ): Promise<T> =>
    held.use({ job_id, run_id }, async ({ job, gone }) => {
      const signal = AbortSignal.any([Context.current().cancellationSignal, gone]);
      const of = { job_id, run_id, etag };
      return withSource(await deps.openSource(job, etag, signal), (source) =>
        read({ job, of, digest: deps.digestOf(job.interview_id), source, signal }),
      );
    });
  const hearing = (job: InterviewJob): Pick<PassOptions, 'needs' | 'language' | 'transcribe'> => ({
    needs: job.interview_type,
    language: job.language,
    transcribe: config.INTERVIEW_TRANSCRIBER !== 'off',
  });

  return {
    passMedia: (work) =>
      reading(work, async ({ job, of, digest, source, signal }) => {
        const isVideo = job.interview_type === 'video';
        const inOneReading = isVideo && config.INTERVIEW_SAMPLING === 'every';
        const pass = await engine.pass(source, {
          ...hearing(job),
          signal,
          ...(inOneReading && { sampleEvery: config.INTERVIEW_SAMPLE_SECONDS }),
        });
        const { facts, audio } = pass;
        requireStream(job, facts);
        // Which groups of pictures are looked at is known once there is an index.
        const samples =
          isVideo && !inOneReading
            ? await sampleStretch(deps, { source, facts, signal }, wholeOf(facts, config))
            : pass.samples;
        if (isVideo) await parts.putChunk(of, digest, 0, { samples: samples ?? [] });
        return { ...(await parts.putPass(of, digest, { facts, audio })), chunks: isVideo ? 1 : 0 };
      }),

    indexMedia: (work) =>
      reading(work, async ({ job, of, digest, source, signal }) => {
        const before = await parts.found(of, 'index');
        if (before !== undefined) {
          const { chunks, facts } = await parts.readIndex(of);
          return { ...before, chunks: chunks.length, sounds: facts.audio !== undefined };
        }
        const { facts } = await engine.pass(source, { signal, hear: false, needs: job.interview_type });
        requireStream(job, facts);
        const chunks = chunksOf(facts, config);
        const sounds = facts.audio !== undefined;
        if (!sounds) await parts.putPass(of, digest, { facts, audio: undefined });
        const put = await parts.putIndex(of, digest, {
          facts,
          chunks,
          every: config.INTERVIEW_SAMPLE_SECONDS,
        });
        return { ...put, chunks: chunks.length, sounds };
      }),

    hearMedia: (work) =>
      reading(work, async ({ job, of, digest, source, signal }) => {
        const before = await parts.found(of, 'pass');
        if (before !== undefined) return before;
        const { facts, audio } = await engine.pass(source, { ...hearing(job), signal });
        return parts.putPass(of, digest, { facts, audio });
      }),
  };
}

interface HeldMedium {
  job: InterviewJob;
  of: WorkRef;
  /** Of the interview's id. */
  digest: string;
  source: MediaSource;
  signal: AbortSignal;
}

/** Samples one time chunk, in whichever process; the job's place is held elsewhere. */
export function createChunkActivity(deps: MediaParts): ChunkActivities {
  const { jobs, parts } = deps;
  return {
    async sampleChunk({ job_id, run_id, etag, k }) {
      const { cancellationSignal: signal } = Context.current();
      const job = await jobs.get(job_id);
      if (job?.run_id !== run_id) throw new ClaimLost('The job is no longer of this claim.');
      const of = { job_id, run_id, etag };
      // An attempt whose process was lost has done it.
      const before = await parts.found(of, 'chunk', k);
      if (before !== undefined) return before;
      const { facts, chunks, every } = await parts.readIndex(of);
      const chunk = chunks[k];
      if (chunk === undefined) throw new RangeError(`There is no chunk ${k}.`);
      return withSource(await deps.openSource(job, etag, signal), async (source) => {
        const samples = await sampleStretch(deps, { source, facts, signal }, chunk, every);
        return parts.putChunk(of, deps.digestOf(job.interview_id), k, { samples });
      });
    },
  };
}

/** As `INTERVIEW_SAMPLING` says; the samples are the same whatever stretches a video is taken in. */
function sampleStretch(
  { config, engine }: Pick<MediaParts, 'config' | 'engine'>,
  { source, facts, signal }: { source: MediaSource; facts: MediaFacts; signal: AbortSignal },
  { from, to }: Pick<VideoChunk, 'from' | 'to'>,
  every = config.INTERVIEW_SAMPLE_SECONDS,
): Promise<VideoSample[]> {
  const stretch = { from, to, every };
  const sampleVideo: SampleVideo = (options) => engine.sampleVideo(source, facts, { ...options, signal });
  return config.INTERVIEW_SAMPLING === 'adaptive'
    ? sampleAdaptively(sampleVideo, facts, stretch)
    : sampleVideo({ ...stretch, frames: 'all' });
}

function wholeOf(facts: MediaFacts, config: MediaParts['config']): Pick<VideoChunk, 'from' | 'to'> {
  const chunks = chunksOf(facts, config);
  return { from: chunks[0]?.from ?? 0, to: chunks.at(-1)?.to ?? 0 };
}

function chunksOf(facts: MediaFacts, config: MediaParts['config']): VideoChunk[] {
  return planChunks(facts, {
    bytes: config.STREAMING_CHUNK_SIZE_MB * MIB,
    every: config.INTERVIEW_SAMPLE_SECONDS,
    shortest: config.INTERVIEW_CHUNK_LEAST,
  });
}

/** @throws MediaRefused where the medium has not what the job is about */
function requireStream({ interview_type: type }: InterviewJob, { video, audio }: MediaFacts): void {
  if (type === 'video' && video === undefined) throw new MediaRefused('no video stream');
  if (type === 'audio' && audio === undefined) throw new MediaRefused('no audio stream');
}

async function withSource<T>(source: MediaSource, work: (source: MediaSource) => Promise<T>): Promise<T> {
  try {
    return await work(source);
  } finally {
    await source.close();
  }
}
