import { Presets, SingleBar } from 'cli-progress';
import type { Terminal } from '../terminal/terminal.js';
import { isDiscovery, type RunSummary } from './runs.js';
import { count, durationText, settled } from './run-summary.js';

/** Shows how far a run is while somebody waits for it. */
export interface RunProgress {
  show(summary: RunSummary): void;
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
  const rate = rateMeter(now);
  let started = false;
  const update = (value: number, total: number, words: string): void => {
    if (!started) bar.start(total, value, { words });
    started = true;
    bar.setTotal(total);
    bar.update(value, { words });
  };
  let last = { value: 0, total: 1 };
  return {
    show: (summary) => {
      const { value, total } = (last = progressOf(summary));
      update(value, total, progressWords(summary, rate(value)));
    },
    remark: (text) => update(last.value, last.total, text),
    stop: () => bar.stop(),
  };
}

function lineProgress(terminal: Terminal, now: () => Date): RunProgress {
  const rate = rateMeter(now);
  let said = { at: -Infinity, text: '' };
  return {
    show: (summary) => {
      const { value } = progressOf(summary);
      const text = progressWords(summary, rate(value));
      const at = now().getTime();
      if (text === said.text || at - said.at < LINE_INTERVAL_MS) return;
      said = { at, text };
      terminal.err(text);
    },
    remark: (text) => {
      if (text === said.text) return;
      said = { at: now().getTime(), text };
      terminal.err(text);
    },
    stop: () => undefined,
  };
}

/** What is done of what is known; the total grows while rows are still being found. */
export function progressOf(summary: RunSummary): { value: number; total: number } {
  const value = settled(summary.outcomes);
  const known = isDiscovery(summary)
    ? summary.discovery.enqueued
    : value + (summary.backlog?.visible ?? 0) + (summary.backlog?.in_flight ?? 0);
  // A queue with an earlier night's messages gives more than this run has sent.
  return { value, total: Math.max(known, value, 1) };
}

/** The line beside the bar. `perSecond` is 0 when nothing moves. */
export function progressWords(summary: RunSummary, perSecond: number): string {
  const { value, total } = progressOf(summary);
  const { outcomes, backlog, lanes, status } = summary;
  const finding = isDiscovery(summary) && !summary.source_exhausted;
  const known = isDiscovery(summary) ? summary.discovery.enqueued : total;
  const left = Math.max(0, known - value);
  const words = [known < value ? `${value} done` : `${value} of ${known}${finding ? '+' : ''} done`];
  if (status !== 'running') words.unshift(status);
  if (outcomes.failed_pre_inference > 0) words.push(count(outcomes.failed_pre_inference, 'failed attempt'));
  if (backlog?.inference_workers === 0) words.push('no inference worker');
  else words.push(count(lanes, 'lane'));
  if (perSecond > 0) words.push(`${perSecond.toFixed(1)}/s`);
  if (perSecond > 0 && left > 0 && !finding) words.push(`${durationText(left / perSecond)} left`);
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
