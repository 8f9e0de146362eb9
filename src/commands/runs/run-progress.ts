import { Presets, SingleBar } from 'cli-progress';
import type { Terminal } from '../terminal/terminal.js';
import type { RetriedStep } from '../../temporal/runs/runs.js';
import { count, durationText } from '../words.js';
import { heldUpText } from './run-lines.js';
import type { RunView } from './run-view.js';

/** Shows how far a run is while somebody waits for it. */
export interface RunProgress {
  /** @param retried what the run tries again */
  show(view: RunView, retried: readonly RetriedStep[]): void;
  /** Says why there is nothing to show; said again only when it changes. */
  remark(text: string): void;
  stop(): void;
}

/** Without a screen to redraw, a line this often is enough for a log. */
const LINE_INTERVAL_MS = 10_000;
/** The rate is measured over this, so that a pause soon shows and a batch does not make it jump. */
const RATE_WINDOW_MS = 60_000;

/** A bar that is redrawn in place, or a line now and then where there is no screen. */
export function createRunProgress(terminal: Terminal, now: () => Date): RunProgress {
  return terminal.live === undefined ? lineProgress(terminal, now) : barProgress(terminal.live, now);
}

function barProgress(stream: NodeJS.WriteStream, now: () => Date): RunProgress {
  const bar = new SingleBar(
    {
      stream,
      format: '{bar} {percentage}%  {words}',
      barsize: 24,
      hideCursor: true,
      linewrap: false,
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  const measure = progressMeter(now);
  let last: Pick<Progress, 'done' | 'known'> = { done: 0, known: 0 };
  let started = false;
  const draw = (words: string): void => {
    // A bar of nothing would be full.
    const total = Math.max(last.known, 1);
    if (!started) bar.start(total, last.done, { words });
    started = true;
    bar.setTotal(total);
    bar.update(last.done, { words });
  };
  return {
    show: (view, retried) => {
      const progress = measure(view);
      last = progress;
      draw(progressWords(view, progress, retried));
    },
    remark: draw,
    stop: () => bar.stop(),
  };
}

function lineProgress(terminal: Terminal, now: () => Date): RunProgress {
  const measure = progressMeter(now);
  let said = { at: -Infinity, text: '' };
  const say = (text: string, at: number): void => {
    said = { at, text };
    terminal.err(text);
  };
  return {
    show: (view, retried) => {
      const text = progressWords(view, measure(view), retried);
      const at = now().getTime();
      if (text !== said.text && at - said.at >= LINE_INTERVAL_MS) say(text, at);
    },
    remark: (text) => {
      if (text !== said.text) say(text, now().getTime());
    },
    stop: () => undefined,
  };
}

export interface Progress {
  /** Deliveries that are over. */
  done: number;
  /** What there is to do as far as anybody knows; never less than `done`. */
  known: number;
  /** `exact`: will not change. `growing`: more is being found. `about`: counted by SQS. */
  knownIs: 'exact' | 'growing' | 'about';
  perSecond: number;
}

/** Follows one run: a queue is measured now and then only, so what was known then is kept until the next time. */
export function progressMeter(now: () => Date): (view: RunView) => Progress {
  const rate = rateMeter(now);
  let measured = { queue: '', known: 0 };
  return ({ done, work }) => {
    const perSecond = rate(done);
    if ('found' in work) {
      // A queue with an earlier run's messages gives more than this run has sent.
      return { done, known: Math.max(work.found, done), knownIs: work.all ? 'exact' : 'growing', perSecond };
    }
    const { visible = 0, in_flight: inFlight = 0 } = work.queue ?? {};
    const queue = JSON.stringify(work.queue);
    if (queue !== measured.queue) measured = { queue, known: done + visible + inFlight };
    return { done, known: Math.max(measured.known, done), knownIs: 'about', perSecond };
  };
}

/** The line beside the bar. */
function progressWords(
  { status, failedAttempts, lanes, workers }: RunView,
  { done, known, knownIs, perSecond }: Progress,
  [heldUp]: readonly RetriedStep[],
): string {
  const left = known - done;
  const words: string[] = [];
  if (status !== 'running') words.push(status);
  if (left === 0) words.push(`${done} done`);
  else if (knownIs === 'about') words.push(`${done} of about ${known} done`);
  else words.push(`${done} of ${known}${knownIs === 'growing' ? '+' : ''} done`);
  if (failedAttempts > 0) words.push(count(failedAttempts, 'failed attempt'));
  if (workers.alive === 0) words.push(`no ${workers.noun}`);
  else if (left === 0 && lanes === 0) words.push('looking whether more comes');
  else {
    words.push(count(lanes, 'lane'));
    if (perSecond > 0) words.push(`${perSecond.toFixed(1)}/s`);
    if (perSecond > 0 && left > 0 && knownIs !== 'growing')
      words.push(`${durationText(left / perSecond)} left`);
  }
  if (heldUp !== undefined) words.push(`held up: ${heldUpText(heldUp)}`);
  return words.join(' · ');
}

function rateMeter(now: () => Date): (value: number) => number {
  const samples: { at: number; value: number }[] = [];
  return (value) => {
    const at = now().getTime();
    samples.push({ at, value });
    while (samples.length > 2 && at - samples[0]!.at > RATE_WINDOW_MS) samples.shift();
    const { at: from, value: before } = samples[0]!;
    return at > from ? ((value - before) / (at - from)) * 1000 : 0;
  };
}
