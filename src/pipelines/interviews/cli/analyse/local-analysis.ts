import { loadSettings } from '../../../../platform/config/load-settings.js';
import type { Environment } from '../../../../platform/config/environment.js';
import { usableCores } from '../../../../platform/cores.js';
import { openTranscriber } from '../../analysis/open-plugs.js';
import { sampleAdaptively } from '../../analysis/video/sample-adaptively.js';
import type { InterviewJob, Question } from '../../contract/job.js';
import type { MediaFacts } from '../../contract/media-facts.js';
import type { VideoSample } from '../../contract/video-sample.js';
import { createMediaEngine } from '../../media/create-media-engine.js';
import type { MediaSource } from '../../media/media-source.js';
import { planChunks } from '../../media/plan-chunks.js';
import { openFileSource } from '../../media/sources/file-source.js';
import { interviewModels } from '../../process/interview-models.js';
import { openReducers } from '../../process/open-reducers.js';
import type { ReportedMedium } from '../../report/interview-report.js';
import { createCombine } from '../../results/combine.js';
import { INTERVIEW_ANALYSIS_SETTINGS } from '../../settings/analysis-settings.js';

/** So that none of them waits long for the last one, nor for the one that hears the sound. */
const CHUNKS_PER_PROCESS = 4;

export interface LocalOptions {
  /** Processes; no more are started than cores. */
  processes: number;
  sampling?: 'every' | 'adaptive';
  transcribe: boolean;
}

export interface LocalAnalysis {
  /** @throws MediaRefused, and the system's error where the file cannot be read */
  analyse(path: string, wishes: LocalWishes): Promise<ReportedMedium & { job: InterviewJob }>;
  close(): Promise<void>;
}

export interface LocalWishes {
  language?: string | undefined;
  questions?: readonly Question[] | undefined;
}

/**
 * Analyses files of this machine as a worker analyses objects: by the same engine, the same reductions and the same settings,
 * without a server.
 *
 * @throws ConfigurationError, ModelInvalid, DependencyUnavailable where the engine cannot start
 */
export async function openLocalAnalysis(
  environment: Environment,
  { processes, sampling, transcribe }: LocalOptions,
): Promise<LocalAnalysis> {
  const settings = loadSettings(environment, INTERVIEW_ANALYSIS_SETTINGS);
  const { INTERVIEW_SAMPLE_SECONDS: every } = settings;
  const models = interviewModels(settings.INTERVIEW_MODELS_PATH);
  const adaptive = (sampling ?? settings.INTERVIEW_SAMPLING) === 'adaptive';
  const transcriber = transcribe ? openTranscriber(settings) : 'off';
  const reducers = openReducers(settings);
  const size = Math.max(1, Math.min(processes, usableCores()));
  const engine = await createMediaEngine({ size, models, transcriber });

  /** Parts of the video at once, since one part keeps one process busy. */
  async function sample(source: MediaSource, facts: MediaFacts): Promise<VideoSample[]> {
    const chunks = planChunks(facts, {
      bytes: Infinity,
      every,
      least: size === 1 ? 1 : CHUNKS_PER_PROCESS * size,
    });
    const parts = await Promise.all(
      chunks.map(({ from, to }) => {
        const sampleVideo = (options: Parameters<typeof engine.sampleVideo>[2]): Promise<VideoSample[]> =>
          engine.sampleVideo(source, facts, options);
        return adaptive
          ? sampleAdaptively(sampleVideo, facts, { from, to, every })
          : sampleVideo({ from, to, every });
      }),
    );
    return parts.flat();
  }

  /** With several processes at the same time, which takes an index first. */
  async function hearAndSample(source: MediaSource, language: string | undefined) {
    const hearing = { language, transcribe: transcriber !== 'off' };
    if (size === 1) {
      const { facts, audio } = await engine.pass(source, hearing);
      return { facts, audio, samples: await sample(source, facts) };
    }
    const indexed = await engine.pass(source, { hear: false });
    const [{ facts, audio }, samples] = await Promise.all([
      engine.pass(source, hearing),
      sample(source, indexed.facts),
    ]);
    return { facts, audio, samples };
  }

  return {
    async analyse(file, { language, questions }) {
      const started_at = new Date();
      const source = await openFileSource(file);
      try {
        const { facts, audio, samples } = await hearAndSample(source, language);
        const isVideo = facts.video !== undefined;
        const combine = createCombine({
          parts: {
            readPass: () => Promise.resolve({ facts, audio }),
            readChunks: () => Promise.resolve([{ samples }]),
          },
          reducers,
          digestOf: () => 'local',
          retentionDays: undefined,
          now: () => new Date(),
        });
        const job = localJob(file, { started_at, isVideo, language, questions });
        const of = { job_id: job.job_id, run_id: 'local', etag: source.etag };
        const result = await combine({ job, of, chunks: isVideo ? 1 : 0, every });
        return {
          job,
          result,
          columns: result.series.stored === 'document' ? result.series.columns : undefined,
        };
      } finally {
        await source.close();
      }
    },
    async close() {
      reducers.close();
      if (typeof transcriber === 'object') await transcriber.release();
      await engine.close();
    },
  };
}

/** A file in the shape of a job: there is no queue that it could have come from. */
function localJob(
  file: string,
  { started_at, isVideo, language, questions }: LocalWishes & { started_at: Date; isVideo: boolean },
): InterviewJob {
  return {
    job_id: file,
    interview_id: 'local',
    interview_type: isVideo ? 'video' : 'audio',
    bucket: 'local',
    key: file,
    status: '3',
    data_process: '1',
    created_at: started_at,
    updated_at: started_at,
    started_at,
    attempts: 1,
    run_id: 'local',
    revision: 1,
    ...(language !== undefined && { language }),
    ...(questions !== undefined && { questions }),
  };
}
