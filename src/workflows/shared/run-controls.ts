import { setHandler } from '@temporalio/workflow';
import type { RunStatus } from '../../contract/run-status.js';
import type {
  DiscoverySummary,
  IngestSummary,
} from '../../pipelines/recordings/contract/workflow-results.js';
import { drainSignal, pauseSignal, resumeSignal, statusQuery } from './handlers.js';

/** What people have told a run to do. */
export interface Steering {
  paused: boolean;
  draining: boolean;
}

export function steeredStatus({ paused, draining }: Steering): RunStatus {
  return draining ? 'draining' : paused ? 'paused' : 'running';
}

/**
 * Lets people pause, resume, drain and ask a run, from its first moment on.
 *
 * @param carried what the run before a continue-as-new had been told
 * @param summarize undefined while the run is still being prepared
 * @param announce shows a summary in the Web UI
 */
export function installSteering<Summary extends DiscoverySummary | IngestSummary>(
  carried: Steering | undefined,
  summarize: (status: RunStatus) => Summary | undefined,
  announce: (summary: Summary) => void,
): Steering {
  const steering: Steering = { paused: carried?.paused ?? false, draining: carried?.draining ?? false };
  const on = (change: Partial<Steering>) => (): void => {
    Object.assign(steering, change);
    const summary = summarize(steeredStatus(steering));
    if (summary !== undefined) announce(summary);
  };
  setHandler(pauseSignal, on({ paused: true }));
  setHandler(resumeSignal, on({ paused: false }));
  setHandler(drainSignal, on({ draining: true }));
  setHandler(statusQuery, () => {
    const summary = summarize(steeredStatus(steering));
    if (summary === undefined) throw new Error('The run is being prepared; ask again in a moment.');
    return summary;
  });
  return steering;
}
