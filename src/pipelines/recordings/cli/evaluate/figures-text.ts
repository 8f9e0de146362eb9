import { count } from '../../../../commands/words.js';
import { printable } from '../../../../platform/text/printable.js';
import { pairLines, tableLines, type Column } from '../../../../commands/terminal/table.js';
import { curveAt, type Figures, type KindFigures, type Mistake } from '../../evaluation/evaluate.js';
import type { DateEstimate } from '../../evaluation/estimate-date.js';
import type { Estimate } from '../../evaluation/statistics/estimate.js';
import type { Proportion } from '../../evaluation/statistics/proportion.js';
import { scoreText } from './score-text.js';

const BAR_WIDTH = 40;
/** More say the same again, or little. */
const SHOWN_REASONS = 2;
/** A column of remarks is a kind for each recording. */
const SHOWN_KINDS = 20;
const KIND_CHARACTERS = 60;
const RECORDING_CHARACTERS = 200;

/** `4.3 %` */
export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const between = ({ low, high }: Pick<Estimate, 'low' | 'high'>): string =>
  `95 %: ${percent(low)} to ${percent(high)}`;

/** `5 of 50, 10.0 % (95 %: 4.3 % to 21.4 %)` */
export function proportionText(found: Proportion | null, none: string): string {
  return found === null ? none : `${found.found} of ${found.of}, ${percent(found.value)} (${between(found)})`;
}

/** A block of lines under a heading each; blocks without anything to show are left out. */
export function figuresText(figures: Figures): string {
  const blocks: string[][] = [
    pairLines([
      ['AUC', areaText(figures)],
      ['Recall', proportionText(figures.recall, 'no anomalous recording')],
      ['False alarms', proportionText(figures.false_alarms, 'no normal recording')],
    ]),
    kindBlock('Found, by kind of anomaly', 'found', figures.recall_by_kind),
    kindBlock('Flagged, by kind of normal recording', 'flagged', figures.false_alarms_by_kind),
    curveBlock(figures),
    ['Threshold', ...thresholdLines(figures).map((line) => `  ${line}`)],
    mistakeBlock('False alarms with the highest scores', figures.mistakes.false_alarms),
    mistakeBlock('Missed anomalies with the lowest scores', figures.mistakes.misses),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** What a date's reviewed results say of all its results. */
export function dateEstimateText({ false_alarms, recall }: DateEstimate): string {
  const line = (estimate: Estimate): string => `${percent(estimate.value)} (${between(estimate)})`;
  return pairLines([
    ['Recall, whole date', line(recall)],
    ['False alarms, whole date', line(false_alarms)],
  ]).join('\n');
}

function areaText({ area_under_curve: area }: Figures): string {
  if (area === null) return 'none: it takes normal and anomalous recordings';
  const { value, low, high } = area;
  return `${value.toFixed(3)} (95 %: ${low.toFixed(3)} to ${high.toFixed(3)})`;
}

function kindBlock(heading: string, verb: string, kinds: readonly KindFigures[]): string[] {
  if (kinds.length === 0) return [];
  const columns: Column[] = [
    { title: 'kind' },
    { title: verb, align: 'right' },
    { title: 'share', align: 'right' },
    { title: '' },
  ];
  const rows = kinds
    .slice(0, SHOWN_KINDS)
    .map((of) => [
      printable(of.kind, KIND_CHARACTERS),
      `${of.found} of ${of.of}`,
      percent(of.value),
      `(${between(of)})`,
    ]);
  const more = kinds.length - rows.length;
  const rest = more > 0 ? [`… and ${count(more, 'kind')} more (--json has all)`] : [];
  return [heading, ...indented([...tableLines(columns, rows), ...rest])];
}

function curveBlock({ curve }: Figures): string[] {
  const points = curveAt(curve);
  if (points.length === 0) return [];
  const rows = points.map(({ share, point }) => [
    `${Number((share * 100).toFixed(0))} %`,
    percent(point.recall),
    point.threshold === null ? 'any' : scoreText(point.threshold),
    '█'.repeat(Math.round(point.recall * BAR_WIDTH)).padEnd(BAR_WIDTH, '·'),
  ]);
  const columns: Column[] = [
    { title: 'false alarms', align: 'right' },
    { title: 'found', align: 'right' },
    { title: 'scores above', align: 'right' },
    { title: '' },
  ];
  return [
    'Curve: what is found at most within a share of false alarms',
    ...indented(tableLines(columns, rows)),
  ];
}

/** The threshold for the wished share, with what it rests on, or why there is none. */
export function thresholdLines({ wished, normal }: Pick<Figures, 'wished' | 'normal'>): string[] {
  const { share, normals, threshold, low, high, flags, needed, needed_for_interval, recall } = wished;
  const wish = `${Number((share * 100).toPrecision(6))} % false alarms`;
  if (threshold === null || flags === null) {
    return [
      `none for ${wish}: it takes ${needed} normal recordings${normals < normal ? ' drawn at random' : ''} at least, and there are ${normals}${normals < normal ? ` of ${normal}` : ''}.`,
      ...(normals > 0
        ? [`The least share that ${normals} can tell of is ${percent(1 / (normals + 1))}.`]
        : []),
    ];
  }
  const open = `no upper end; one takes ${needed_for_interval} normal recordings`;
  return [
    `${scoreText(threshold)} for ${wish} (95 %: ${low === null ? 'no lower end' : scoreText(low)} to ${high === null ? open : scoreText(high)})`,
    `It flags ${percent(flags.value)} of normal recordings like these ${normals} (${between(flags)}).`,
    ...(recall === null ? [] : [`It finds ${proportionText(recall, '')} of the anomalous ones here.`]),
  ];
}

function mistakeBlock(heading: string, mistakes: readonly Mistake[]): string[] {
  if (mistakes.length === 0) return [];
  const columns: Column[] = [
    { title: 'score', align: 'right' },
    { title: 'recording' },
    { title: 'kind' },
    { title: 'reasons' },
  ];
  const rows = mistakes.map(({ score, recording, kind, reasons }) => [
    score.toFixed(3),
    printable(recording, RECORDING_CHARACTERS),
    printable(kind ?? '', KIND_CHARACTERS),
    reasons.slice(0, SHOWN_REASONS).join('; '),
  ]);
  return [heading, ...indented(tableLines(columns, rows))];
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
