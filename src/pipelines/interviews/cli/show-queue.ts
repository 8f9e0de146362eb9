import { EXIT, type ExitCode } from '../../../commands/context.js';
import { pairLines } from '../../../commands/terminal/table.js';
import { count } from '../../../commands/words.js';
import { loadSettings } from '../../../platform/config/load-settings.js';
import { pick } from '../../../platform/config/settings-table.js';
import { JOB_STATUS } from '../contract/job.js';
import { averageMinutes } from '../jobs/average-minutes.js';
import { INTERVIEWS_SETTINGS } from '../settings/index.js';
import type { InterviewsContext } from './context.js';
import { askWorkerPlaces } from './worker-places.js';

const DAY_MS = 86_400_000;

/** Shows how many jobs are in which state, who is there to work on them, and how the last day went. */
export async function showQueue(context: InterviewsContext, { json }: { json?: boolean }): Promise<ExitCode> {
  const environment = context.readEnvironment();
  const settings = loadSettings(environment, pick(INTERVIEWS_SETTINGS, 'MAX_CONCURRENT_JOBS'));
  const access = await context.openInterviews(environment);
  try {
    const [counts, ended, workers] = await Promise.all([
      access.jobs.count(),
      access.jobs.endedSince(new Date(context.now().getTime() - DAY_MS)),
      askWorkerPlaces(context, environment),
    ]);
    // A process of another build may not say how many it takes.
    const places = workers?.reduce<number>((sum, own) => sum + (own ?? settings.MAX_CONCURRENT_JOBS), 0);
    const of = counts.byStatus;
    const shown = {
      total_jobs: counts.total,
      waiting_jobs: of[JOB_STATUS.pending] - counts.ready,
      ready_jobs: counts.ready,
      processing_jobs: of[JOB_STATUS.processing],
      failed_jobs: of[JOB_STATUS.failed],
      completed_jobs: of[JOB_STATUS.completed],
      worker_processes: workers?.length ?? null,
      max_concurrent_jobs: places ?? null,
      last_day: {
        completed: ended.completed,
        failed: ended.failed,
        average_seconds: ended.averageSeconds,
      },
    };
    if (json === true) context.terminal.out(JSON.stringify(shown));
    else {
      const average = ended.averageSeconds === null ? '' : `, ${averageMinutes(ended.averageSeconds)} each`;
      context.terminal.out(
        pairLines([
          ['Jobs', String(shown.total_jobs)],
          [
            'Waiting',
            `${shown.waiting_jobs} for their object, ${shown.ready_jobs} for a place or another attempt`,
          ],
          ['Processing', String(shown.processing_jobs)],
          ['Workers', workersLine(workers?.length, places)],
          ['Ended', `${shown.completed_jobs} completed, ${shown.failed_jobs} failed`],
          ['Last 24 hours', `${ended.completed} completed${average}, ${ended.failed} failed`],
        ]).join('\n'),
      );
    }
    if (workers?.length === 0) {
      context.terminal.err(
        'vachan: no worker process is alive, so no job goes on. Start one: npm run worker',
      );
    }
    return EXIT.ok;
  } finally {
    await access.close();
  }
}

function workersLine(processes: number | undefined, places = 0): string {
  if (processes === undefined) return 'unknown: Temporal does not answer';
  if (processes === 0) return 'none';
  return `${processes} ${processes === 1 ? 'process' : 'processes'}, ${count(places, 'place')}`;
}
