import type { RunView } from '../runs/run-view.js';
import type { RetriedStep } from '../../temporal/runs/runs.js';
import { progressMeter, type Progress, type RunProgress } from '../runs/run-progress.js';
import { renderWatch } from './render-watch.js';

const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
/** Terminals that know it show a frame at once; the others ignore it. */
const SYNCHRONIZED = { begin: '\u001b[?2026h', end: '\u001b[?2026l' };
const HOME = '\u001b[H';
const CLEAR_TO_LINE_END = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/** A sparkline of so many bars, each of this many milliseconds. */
const MOST_RATES = 20;
const RATE_EVERY_MS = 3_000;
/** Of a terminal that does not say how large it is. */
const DEFAULT_SIZE = { columns: 80, rows: 24 };
const NOTHING_YET: Progress = { done: 0, known: 0, knownIs: 'growing', perSecond: 0 };

export type Screen = Pick<NodeJS.WriteStream, 'write' | 'columns' | 'rows'>;

export interface WatchScreenOptions {
  screen: Screen;
  target: string;
  colour: boolean;
  now: () => Date;
}

/**
 * A live view on the terminal's second screen, so that the first is as it was afterwards. Frames are written over each other
 * line by line, never cleared first, so nothing flickers; the terminal's size is asked for each.
 */
export function createWatchScreen({ screen, target, colour, now }: WatchScreenOptions): RunProgress {
  const measure = progressMeter(now);
  const rates: number[] = [];
  let sampled: { at: number; done: number } | undefined;
  let run: RunView | undefined;
  let retried: readonly RetriedStep[] = [];
  let progress = NOTHING_YET;
  let open = false;

  const draw = (remark: string | undefined): void => {
    if (!open) screen.write(ENTER);
    open = true;
    const style = {
      columns: screen.columns || DEFAULT_SIZE.columns,
      rows: screen.rows || DEFAULT_SIZE.rows,
      colour,
    };
    const lines = renderWatch({ target, run, retried, progress, rates, now: now(), remark }, style);
    // No line break after the last: at the bottom it would scroll.
    const text = lines.map((line) => line + CLEAR_TO_LINE_END).join('\r\n');
    screen.write(`${SYNCHRONIZED.begin}${HOME}${text}${CLEAR_BELOW}${SYNCHRONIZED.end}`);
  };

  const sample = (done: number): void => {
    const at = now().getTime();
    sampled ??= { at, done };
    const passed = at - sampled.at;
    if (passed < RATE_EVERY_MS) return;
    rates.push(Math.max(0, ((done - sampled.done) / passed) * 1000));
    if (rates.length > MOST_RATES) rates.shift();
    sampled = { at, done };
  };

  return {
    show(latest, tried) {
      run = latest;
      retried = tried;
      progress = measure(latest);
      sample(latest.done);
      draw(undefined);
    },
    remark: draw,
    stop() {
      if (open) screen.write(LEAVE);
      open = false;
    },
  };
}
