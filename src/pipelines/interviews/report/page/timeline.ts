import { html, type Html } from '../../../../platform/page/html.js';
import { duration, number, plural } from '../../../../platform/page/words.js';
import type { SeriesColumns } from '../../contract/result.js';
import { clockTime, preciseClockTime, timeTicks } from './clock-time.js';
import type { Lane } from './lanes.js';

const WIDTH = 960;
const LEFT = 100;
const RIGHT = 26;
const PLOT_WIDTH = WIDTH - LEFT - RIGHT;
const TOP = 8;
const LANE = { height: 16, gap: 8 };
const LEVEL_HEIGHT = 56;
/** Nothing is quieter than this on the page; a quiet room is about -60 dB. */
const LEVEL_FLOOR_DB = -70;
const AXIS_HEIGHT = 30;

export interface Timeline {
  from: number;
  to: number;
  lanes: readonly Lane[];
  columns: Pick<SeriesColumns, 'time' | 'level'> | undefined;
}

/** Lanes above one clock, and the level of the sound, as inline SVG. */
export function drawTimeline({ from, to, lanes, columns }: Timeline): Html {
  const length = Math.max(1e-3, to - from);
  const x = (time: number): number =>
    rounded(LEFT + (Math.min(Math.max(time, from), to) - from) * (PLOT_WIDTH / length));
  const y = (index: number): number => TOP + index * (LANE.height + LANE.gap);
  const heard = columns !== undefined && columns.level.some((level) => level !== null);
  const levelTop = y(lanes.length) + 4;
  const base = heard ? levelTop + LEVEL_HEIGHT : y(lanes.length);
  const described = lanes.map(({ name, spans }) => `${name}: ${plural(spans.length, 'span')}`).join('; ');
  return html`<svg
    class="chart timeline"
    viewBox="0 0 ${WIDTH} ${base + AXIS_HEIGHT}"
    role="img"
    aria-label="${`Timeline of ${duration(length)}. ${described}. The table below has every span.`}"
  >
    ${lanes.map(
      ({ name, spans }, index) =>
        html`<text x="${LEFT - 10}" y="${y(index) + LANE.height - 4}" text-anchor="end">${name}</text>
          <rect class="track" x="${LEFT}" y="${y(index)}" width="${PLOT_WIDTH}" height="${LANE.height}" />
          ${spans.map(
            ({ start, end, kind, what }) =>
              html`<rect
                class="${kind}"
                x="${x(start)}"
                y="${y(index)}"
                width="${rounded(Math.max(1, x(end) - x(start)))}"
                height="${LANE.height}"
                ><title>${preciseClockTime(start)} to ${preciseClockTime(end)}: ${what}</title></rect
              >`,
          )}`,
    )}
    ${heard ? drawLevel(columns, x, levelTop) : undefined}
    <line class="base" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${base + 4}" y2="${base + 4}" />
    ${timeTicks(from, to, 12).map(
      (at) =>
        html`<line class="base" x1="${x(at)}" x2="${x(at)}" y1="${base + 4}" y2="${base + 9}" /><text
            x="${x(at)}"
            y="${base + 23}"
            text-anchor="middle"
            >${clockTime(at)}</text
          >`,
    )}
  </svg>`;
}

/** As an area; of several seconds in one pixel the loudest. */
function drawLevel(
  { time, level }: NonNullable<Timeline['columns']>,
  x: (time: number) => number,
  top: number,
): Html {
  const bottom = top + LEVEL_HEIGHT;
  const loudest = new Map<number, number>();
  for (const [index, value] of level.entries()) {
    if (value === null) continue;
    const at = Math.round(x(time[index]! + 0.5));
    loudest.set(at, Math.max(loudest.get(at) ?? LEVEL_FLOOR_DB, value));
  }
  const points = [...loudest].map(
    ([at, value]) => `${at},${rounded(bottom - (1 - Math.min(0, value) / LEVEL_FLOOR_DB) * LEVEL_HEIGHT)}`,
  );
  const [first, last] = [points[0]!, points.at(-1)!].map((point) => point.split(',')[0]!);
  return html`<text x="${LEFT - 10}" y="${top + LEVEL_HEIGHT / 2 + 4}" text-anchor="end">Level</text>
    <polygon class="usual" points="${first},${bottom} ${points.join(' ')} ${last},${bottom}"
      ><title>Level of the sound, from ${number(LEVEL_FLOOR_DB)} dB of full scale to 0</title></polygon
    >`;
}

/** The same as a table, for who cannot see or point. */
export function spanTable(lanes: readonly Lane[]): Html | undefined {
  const rows = lanes
    .flatMap(({ spans }) => spans)
    .sort((one, other) => one.start - other.start || one.end - other.end);
  if (rows.length === 0) return undefined;
  return html`<details class="data">
    <summary>All ${plural(rows.length, 'span')} as a table</summary>
    <div class="scrolls" tabindex="0" role="group" aria-label="Spans of the timeline">
      <table>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Seconds</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ start, end, what }) =>
              html`<tr>
                <th scope="row">${what}</th>
                <td class="number">${preciseClockTime(start)}</td>
                <td class="number">${preciseClockTime(end)}</td>
                <td class="number">${(end - start).toFixed(1)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

const rounded = (value: number): number => Number(value.toFixed(1));
