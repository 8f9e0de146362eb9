import type { InterviewResult, SeriesColumns } from '#vachan/pipelines/interviews/contract/result.js';

const COLUMNS = 60;
const HEIGHTS = ' ▁▂▃▄▅▆▇█';
/** Degrees from the person's own median from which a head counts as turned here. */
const TURNED_DEGREES = 15;
const LOUDEST_DB = -10;
const QUIETEST_DB = -60;

/** A medium in a few lines of a terminal: how many faces, where the head is turned, when somebody speaks and how loud. */
export function timeline(result: InterviewResult): string[] {
  const { series, media, video } = result;
  if (series.stored !== 'document') return [`(its series is in ${series.stored})`];
  const at = buckets(series.columns);
  const yaw = video?.head.own_median?.yaw ?? 0;
  const rows: [string, string][] = [
    ...(video === undefined
      ? []
      : ([
          [
            'faces',
            draw(at, ({ faces }) => most(faces, (count) => (count === 0 ? '·' : String(Math.min(9, count))))),
          ],
          ['head', draw(at, (one) => turned(one.yaw, yaw))],
        ] as [string, string][])),
    ['speech', draw(at, ({ speech }) => height(mean(speech)))],
    ['level', draw(at, ({ level }) => height(share(mean(level))))],
  ];
  const scale = `0 s${`${Math.round(media.duration)} s`.padStart(COLUMNS - 3)}`;
  return [...rows.map(([name, drawn]) => `${name.padEnd(7)}${drawn}`), `${' '.repeat(7)}${scale}`];
}

type Bucket = Record<keyof SeriesColumns, number[]>;

/** Values of each of the drawing's columns. */
function buckets(columns: SeriesColumns): Bucket[] {
  const length = columns.time.length;
  return Array.from({ length: COLUMNS }, (_, column) => {
    const from = Math.floor((column * length) / COLUMNS);
    const to = Math.max(from + 1, Math.floor(((column + 1) * length) / COLUMNS));
    const cut = Object.entries(columns).map(([name, values]) => [
      name,
      (values as readonly (number | null)[]).slice(from, to).filter((value) => value !== null),
    ]);
    return Object.fromEntries(cut) as Bucket;
  });
}

const draw = (at: readonly Bucket[], character: (bucket: Bucket) => string): string =>
  at.map(character).join('');

function most(values: readonly number[], character: (value: number) => string): string {
  return values.length === 0 ? ' ' : character(Math.max(...values));
}

function turned(values: readonly number[], own: number): string {
  if (values.length === 0) return ' ';
  const furthest = values.reduce(
    (one, value) => (Math.abs(value - own) > Math.abs(one) ? value - own : one),
    0,
  );
  if (Math.abs(furthest) < TURNED_DEGREES) return '·';
  return furthest > 0 ? '‹' : '›';
}

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;

const share = (decibels: number | undefined): number | undefined =>
  decibels === undefined ? undefined : (decibels - QUIETEST_DB) / (LOUDEST_DB - QUIETEST_DB);

function height(value: number | undefined): string {
  if (value === undefined) return ' ';
  const step = Math.round(Math.min(1, Math.max(0, value)) * (HEIGHTS.length - 1));
  return HEIGHTS[step] ?? ' ';
}
