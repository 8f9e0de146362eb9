import { setHandler } from '@temporalio/workflow';
import type { RunStatus } from '../../contract/run-status.js';
import { drainSignal, pauseSignal, resumeSignal, statusQuery } from './handlers.js';

/** What people have told a run to do. */
export interface RunControls {
  paused: boolean;
  draining: boolean;
}

export function openStatus({ paused, draining }: RunControls): RunStatus {
  return draining ? 'draining' : paused ? 'paused' : 'running';
}

/**
 * Lets people pause, resume, drain and ask a run, from its first moment on.
 *
 * @param carried the controls of the run before a continue-as-new
 * @param summarize undefined while the run is still being prepared
 * @param announce shows a summary in the Web UI
 */
export function installRunControls<Summary>(
  carried: RunControls | undefined,
  summarize: (status: RunStatus) => Summary | undefined,
  announce: (summary: Summary) => void,
): RunControls {
  const controls: RunControls = { paused: carried?.paused ?? false, draining: carried?.draining ?? false };
  const on = (change: Partial<RunControls>) => (): void => {
    Object.assign(controls, change);
    const summary = summarize(openStatus(controls));
    if (summary !== undefined) announce(summary);
  };
  setHandler(pauseSignal, on({ paused: true }));
  setHandler(resumeSignal, on({ paused: false }));
  setHandler(drainSignal, on({ draining: true }));
  setHandler(statusQuery, () => {
    const summary = summarize(openStatus(controls));
    if (summary === undefined) throw new Error('The run is being prepared; ask again in a moment.');
    return summary;
  });
  return controls;
}
