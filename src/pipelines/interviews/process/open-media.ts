import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { prepareScratch } from '../../../platform/scratch/scratch.js';
import type { InterviewJob } from '../contract/job.js';
import { openTranscriber } from '../analysis/open-plugs.js';
import { createMediaEngine, type PooledMediaEngine } from '../media/create-media-engine.js';
import type { MediaSource } from '../media/media-source.js';
import { openObjectSource } from '../media/sources/object-source.js';
import { openScratchSource } from '../media/sources/scratch-source.js';
import { interviewModels } from './interview-models.js';
import type { ActivityParts } from './parts.js';

/** What a process reads media with. */
export interface Media {
  engine: PooledMediaEngine;
  /** The object of a job, as long as it is the one of this ETag. */
  openSource: (job: InterviewJob, etag: string, signal?: AbortSignal) => Promise<MediaSource>;
  close(): Promise<void>;
}

/** @param processes that read media at once @throws ConfigurationError, DependencyUnavailable when they do not start */
export async function openMedia(
  { config, dependencies, log }: Pick<ActivityParts, 'config' | 'dependencies' | 'log'>,
  processes: number,
): Promise<Media> {
  const transcriber = openTranscriber(config);
  const scratch = config.ENABLE_STREAMING_PROCESSING ? undefined : await prepareScratch(config.SCRATCH_PATH);
  const { objects } = dependencies;
  const engine = await createMediaEngine({
    size: processes,
    models: interviewModels(config.INTERVIEW_MODELS_PATH),
    transcriber,
    onMemberLost: (reason) => log.warn('media_process_lost', { reason }),
  });
  return {
    engine,
    openSource: (job, ifMatch, signal) =>
      scratch === undefined
        ? openObjectSource(objects, job, { ifMatch, signal })
        : openScratchSource(objects, job, join(scratch.path, randomUUID()), { ifMatch, signal }),
    async close() {
      await engine.close();
      if (typeof transcriber === 'object') await transcriber.release();
      await scratch?.remove();
    },
  };
}
