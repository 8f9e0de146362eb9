import type { RunView } from '../runs/run-view.js';
import type { RetriedStep } from '../../temporal/runs/runs.js';
import type { Progress } from '../runs/run-progress.js';
import { printable } from '../../platform/text/printable.js';
import { byFrequency } from '../../contract/reason-counts.js';
import { count, durationText, thousands } from '../words.js';
import { heldUpText } from '../runs/run-lines.js';
import { pad, textWidth } from '../terminal/table.js';

/** What a frame shows. */
export interface WatchView {
  /** How the person names the run. */
  target: string;
  /** Undefined before the run has answered. */
  run: RunView | undefined;
  /** What the run tries again. */
  retried: readonly RetriedStep[];
  progress: Progress;
  /** Records a second, the latest last. */
  rates: readonly number[];
  now: Date;
  /** Why the rest is not fresh, e.g. that Temporal does not answer. */
  remark: string | undefined;
}

export interface WatchStyle {
  columns: number;
  rows: number;
  colour: boolean;
}

type Paint = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';
const CODES: Record<Paint, number> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

const SPARKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const NAME_WIDTH = 22;
const NUMBER_WIDTH = 11;
const MOST_CAUSES = 6;
const MOST_HELD_UP = 3;
const WIDEST = 100;

/** A frame: at most `rows` lines, none wider than `columns`. */
export function renderWatch(view: WatchView, style: WatchStyle): string[] {
  const width = Math.max(20, Math.min(style.columns, WIDEST));
  const frame = createFrame(width, style.colour);
  const { run, target, remark, now } = view;
  if (run === undefined) frame.line([target, 'bold']);
  else {
    const mode = run.mode === undefined ? '' : ` (${run.mode})`;
    const since = (now.getTime() - Date.parse(run.startedAt)) / 1000;
    frame.line(
      [target, 'bold'],
      [`  ${run.status}${mode}`, run.status === 'running' ? 'green' : 'yellow'],
      [`  for ${durationText(since)}`, 'dim'],
    );
  }
  frame.line();
  if (remark !== undefined) {
    frame.line([remark, 'yellow']);
    frame.line();
  }
  if (run !== undefined) addRun(frame, view, run);
  frame.line(['Ctrl-C leaves; the run goes on.', 'dim']);
  const { lines } = frame;
  // The last line is how to leave: what does not fit is cut above it.
  return lines.length <= style.rows ? lines : [...lines.slice(0, style.rows - 1), lines[lines.length - 1]!];
}

function addRun(frame: Frame, { progress, rates, retried }: WatchView, run: RunView): void {
  // Above the numbers: it is why they stall, and what is cut is cut below.
  for (const step of retried.slice(0, MOST_HELD_UP)) frame.line([`Held up  ${heldUpText(step)}`, 'yellow']);
  if (retried.length > 0) frame.line();
  const { done, known, knownIs, perSecond } = progress;
  const left = known - done;
  const share = known === 0 ? 0 : done / known;
  const of = `${thousands(done)} of ${knownIs === 'about' ? 'about ' : ''}${thousands(known)}${knownIs === 'growing' ? '+' : ''}`;
  const words = `  ${String(Math.floor(share * 100)).padStart(3)} %  ${of}`;
  frame.line([bar(share, Math.max(4, frame.width - words.length)), 'cyan'], [words]);
  frame.line();

  const eta =
    left > 0 && perSecond > 0 && knownIs !== 'growing'
      ? `about ${durationText(left / perSecond)} left`
      : left === 0
        ? 'looking whether more comes'
        : '';
  frame.pair('Rate', `${(perSecond * 60).toFixed(0)} a minute  ${sparkline(rates)}  ${eta}`);
  const { lanes, workers } = run;
  const working = workers.alive === undefined ? '' : ` on ${count(workers.alive, workers.noun)}`;
  frame.pair(
    'Lanes',
    `${'●'.repeat(Math.min(lanes, 16))}${lanes > 0 ? ' ' : ''}${lanes} under way${working}`,
  );
  if (workers.alive === 0) {
    frame.line([`No ${workers.noun} is alive: npm run worker. Nothing is lost meanwhile.`, 'yellow']);
  }
  for (const [name, value] of run.liveRows()) frame.pair(name, value);
  frame.line();

  const failed = new Set(run.outcomes.filter((outcome) => outcome.failed).map(({ name }) => name));
  frame.bars(
    run.outcomes.map((outcome) => [outcome.name, outcome.count]),
    (name) => (failed.has(name) ? 'red' : 'green'),
  );
  const causes = byFrequency(run.causes);
  if (causes.length > 0) {
    frame.line();
    frame.line(['Failed attempts by cause', 'bold']);
    frame.bars(causes.slice(0, MOST_CAUSES), () => 'red');
    const more = causes.length - MOST_CAUSES;
    if (more > 0) frame.line([`and ${count(more, 'further cause')}`, 'dim']);
  }
  frame.line();
}

interface Frame {
  readonly width: number;
  readonly lines: string[];
  line(...parts: [text: string, paint?: Paint][]): void;
  pair(name: string, value: string): void;
  bars(values: readonly [string, number][], paint: (name: string) => Paint): void;
}

function createFrame(width: number, colour: boolean): Frame {
  const lines: string[] = [];
  const painted = (text: string, paint: Paint | undefined): string =>
    colour && paint !== undefined && text !== '' ? `\u001b[${CODES[paint]}m${text}\u001b[0m` : text;
  const line: Frame['line'] = (...parts) => {
    let room = width;
    const shown = parts.map(([text, paint]) => {
      const fitting = cut(text, room);
      room -= textWidth(fitting);
      return painted(fitting, paint);
    });
    lines.push(colour ? shown.join('') : shown.join('').trimEnd());
  };
  return {
    width,
    lines,
    line,
    pair: (name, value) => line([pad(name, 9, 'left'), 'dim'], [value]),
    bars(values, paint) {
      const most = Math.max(1, ...values.map(([, value]) => value));
      const room = width - NAME_WIDTH - NUMBER_WIDTH - 1;
      for (const [name, value] of values) {
        const length = value === 0 ? 0 : Math.max(1, Math.round((value / most) * room));
        line(
          [pad(name, NAME_WIDTH, 'left')],
          [`${pad(thousands(value), NUMBER_WIDTH, 'right')} `],
          ['▇'.repeat(Math.max(0, Math.min(length, room))), paint(name)],
        );
      }
    },
  };
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Wider than any line; what is beyond it is cut anyway. */
const LINE_CHARACTERS = 1_000;

/** Controls would move the cursor: what names a run or a cause may come from elsewhere. */
function cut(text: string, width: number): string {
  const clean = printable(text, LINE_CHARACTERS);
  if (textWidth(clean) <= width) return clean;
  const kept = [...graphemes.segment(clean)].slice(0, Math.max(0, width - 1)).map(({ segment }) => segment);
  return width <= 0 ? '' : `${kept.join('')}…`;
}

function bar(share: number, width: number): string {
  const full = Math.round(Math.min(1, share) * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}

export function sparkline(values: readonly number[]): string {
  const most = Math.max(...values, Number.MIN_VALUE);
  return values.map((value) => SPARKS[Math.round((value / most) * (SPARKS.length - 1))]).join('');
}
