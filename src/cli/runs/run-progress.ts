import { Presets, SingleBar } from 'cli-progress';
import type { Terminal } from '../../commands/terminal/terminal.js';
import { isDiscovery, type RetriedStep, type RunSummary } from '../../temporal/runs/runs.js';
import { settled } from '../../temporal/runs/settled.js';
import { count, durationText } from '../../commands/words.js';
import { heldUpText } from './run-summary.js';

/** Shows how far a run is while somebody waits for it. */
export interface RunProgress {
  /** @param retried what the run tries again */
  show(summary: RunSummary, retried: readonly RetriedStep[]): void;
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
    show: (summary, retried) => {
      const progress = measure(summary);
      last = progress;
      draw(progressWords(summary, progress, retried));
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
    show: (summary, retried) => {
      const text = progressWords(summary, measure(summary), retried);
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

/** Follows one run: the backlog is measured now and then only, so what was known then is kept until the next time. */
export function progressMeter(now: () => Date): (summary: RunSummary) => Progress {
  const rate = rateMeter(now);
  let measured = { backlog: '', known: 0 };
  return (summary) => {
    const done = settled(summary.outcomes);
    const perSecond = rate(done);
    if (isDiscovery(summary)) {
      const knownIs = summary.source_exhausted ? 'exact' : 'growing';
      // A queue with an earlier night's messages gives more than this run has sent.
      return { done, known: Math.max(summary.discovery.enqueued, done), knownIs, perSecond };
    }
    const { visible = 0, in_flight: inFlight = 0 } = summary.backlog ?? {};
    const backlog = JSON.stringify(summary.backlog);
    if (backlog !== measured.backlog) measured = { backlog, known: done + visible + inFlight };
    return { done, known: Math.max(measured.known, done), knownIs: 'about', perSecond };
  };
}

/** The line beside the bar. */
function progressWords(
  summary: RunSummary,
  { done, known, knownIs, perSecond }: Progress,
  [heldUp]: readonly RetriedStep[],
): string {
  const { outcomes, backlog, lanes, status } = summary;
  const left = known - done;
  const words: string[] = [];
  if (status !== 'running') words.push(status);
  if (left === 0) words.push(`${done} done`);
  else if (knownIs === 'about') words.push(`${done} of about ${known} done`);
  else words.push(`${done} of ${known}${knownIs === 'growing' ? '+' : ''} done`);
  if (outcomes.failed_pre_inference > 0) words.push(count(outcomes.failed_pre_inference, 'failed attempt'));
  if (backlog?.inference_workers === 0) words.push('no inference worker');
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
