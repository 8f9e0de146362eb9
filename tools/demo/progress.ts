import { SingleBar } from 'cli-progress';
import { OUTCOMES } from '#vachan/pipelines/recordings/contract/outcome.js';
import type { RunProgress } from './follow-run.js';

/** Lines into a log or pipe, where a bar cannot be redrawn. */
const LINE_INTERVAL_MS = 5000;

export interface ProgressView {
  show: (progress: RunProgress) => void;
  end: () => void;
}

/** A bar on a terminal, else a line now and then. */
export function progressView(total: number, log: (line: string) => void): ProgressView {
  return process.stdout.isTTY ? bar(total) : lines(total, log);
}

function bar(total: number): ProgressView {
  const view = new SingleBar({
    format: 'Scoring  {bar} {value}/{total} deliveries  {completed} scored, {failed} failed',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
  });
  view.start(total, 0, { completed: 0, failed: 0 });
  return {
    show: ({ handled, outcomes }) => {
      if (handled > view.getTotal()) view.setTotal(handled);
      view.update(handled, { completed: outcomes.completed, failed: outcomes.failed_pre_inference });
    },
    end: () => view.stop(),
  };
}

function lines(total: number, log: (line: string) => void): ProgressView {
  let last = 0;
  let nextAt = 0;
  return {
    show: ({ handled, outcomes }) => {
      if (handled === last || (Date.now() < nextAt && handled < total)) return;
      last = handled;
      nextAt = Date.now() + LINE_INTERVAL_MS;
      const shown = OUTCOMES.filter((outcome) => outcomes[outcome] > 0);
      log(
        `${handled}/${total} deliveries: ${shown.map((outcome) => `${outcomes[outcome]} ${outcome}`).join(', ')}`,
      );
    },
    end: () => undefined,
  };
}
