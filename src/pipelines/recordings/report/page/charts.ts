import { niceTicks } from '../bins.js';
import { html, type Html } from '../../../../platform/page/html.js';
import { number } from '../../../../platform/page/words.js';

/** A part of a column: how much, and of which kind (a class of the style sheet). */
export interface Part {
  value: number;
  kind: 'normal' | 'anomaly' | 'plain';
}

export interface Column {
  /** What a pointer that rests on the column reads. */
  hint: string;
  /** From the bottom up. */
  parts: readonly Part[];
}

export interface ColumnChart {
  /** What one who cannot see it is told. */
  description: string;
  columns: readonly Column[];
  /** Labels below, by the column's edge: 0 is the left edge of the first. */
  ticks: readonly { at: number; label: string }[];
  xTitle: string;
  yTitle: string;
  /** A line from top to bottom at a column's edge. */
  marker?: { at: number; label: string };
}

const WIDTH = 760;
const HEIGHT = 250;
const PLOT = { left: 56, right: 12, top: 26, bottom: 46 };
const PLOT_WIDTH = WIDTH - PLOT.left - PLOT.right;
const PLOT_HEIGHT = HEIGHT - PLOT.top - PLOT.bottom;
const BASE = PLOT.top + PLOT_HEIGHT;
const Y_TICKS = 4;
/** Between columns, as long as they are wide enough to spare it. */
const GAP = 1;

const rounded = (value: number): number => Number(value.toFixed(2));

/** Columns above a scale, as inline SVG. */
export function columnChart(chart: ColumnChart): Html {
  const { columns, ticks, marker } = chart;
  const tallest = Math.max(
    0,
    ...columns.map(({ parts }) => parts.reduce((sum, part) => sum + part.value, 0)),
  );
  const yTicks = niceTicks(tallest, Y_TICKS);
  const top = yTicks[yTicks.length - 1]!;
  const x = (edge: number): number => rounded(PLOT.left + (edge / Math.max(1, columns.length)) * PLOT_WIDTH);
  const y = (value: number): number => rounded(BASE - (value / top) * PLOT_HEIGHT);
  const columnWidth = PLOT_WIDTH / Math.max(1, columns.length);
  const gap = columnWidth > 4 * GAP ? GAP : 0;

  const bars = columns.map(({ hint, parts }, index) => {
    let below = 0;
    const rects = parts
      .filter(({ value }) => value > 0)
      .map(({ value, kind }) => {
        const [from, to] = [y(below), y(below + value)];
        below += value;
        // A single recording among thousands is still there.
        const height = Math.max(1, from - to);
        return html`<rect
          class="${kind}"
          x="${x(index)}"
          y="${rounded(from - height)}"
          width="${rounded(columnWidth - gap)}"
          height="${rounded(height)}"
        />`;
      });
    return rects.length === 0 ? undefined : html`<g><title>${hint}</title>${rects}</g>`;
  });
  return html`<svg
    class="chart"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label="${chart.description}"
  >
    <text class="axis-title" x="${PLOT.left}" y="14">${chart.yTitle}</text>
    ${yTicks.map(
      (tick) =>
        html`<line
            class="grid"
            x1="${PLOT.left}"
            x2="${WIDTH - PLOT.right}"
            y1="${y(tick)}"
            y2="${y(tick)}"
          /><text class="tick" x="${PLOT.left - 8}" y="${y(tick) + 4}" text-anchor="end"
            >${number(tick)}</text
          >`,
    )}
    ${bars}
    <line class="base" x1="${PLOT.left}" x2="${WIDTH - PLOT.right}" y1="${BASE}" y2="${BASE}" />
    ${ticks.map(
      ({ at, label }) =>
        html`<line class="base" x1="${x(at)}" x2="${x(at)}" y1="${BASE}" y2="${BASE + 5}" /><text
            class="tick"
            x="${x(at)}"
            y="${BASE + 19}"
            text-anchor="middle"
            >${label}</text
          >`,
    )}
    <text class="axis-title" x="${PLOT.left + PLOT_WIDTH / 2}" y="${HEIGHT - 6}" text-anchor="middle">
      ${chart.xTitle}
    </text>
    ${marker && markerLine(x(marker.at), marker.label)}
  </svg>`;
}

/** A label beside its line, on the side where there is room. */
function markerLine(at: number, label: string): Html {
  const toTheLeft = at > WIDTH / 2;
  return html`<line class="marker" x1="${at}" x2="${at}" y1="${PLOT.top - 6}" y2="${BASE}" /><text
      class="marker-label"
      x="${toTheLeft ? at - 6 : at + 6}"
      y="${PLOT.top + 4}"
      text-anchor="${toTheLeft ? 'end' : 'start'}"
      >${label}</text
    >`;
}

export interface Bar {
  label: Html | string;
  value: number;
  kind: 'normal' | 'anomaly' | 'plain' | 'quiet';
  /** In its own words; the value's digits where there is none. */
  shown?: string;
}

/** Bars beside each other's names: a table, so that it reads without being seen. */
export function barTable(
  caption: string,
  titles: readonly [name: string, value: string],
  bars: readonly Bar[],
): Html {
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  return html`<table class="bars">
    <caption class="unseen">
      ${caption}
    </caption>
    <thead class="unseen">
      <tr>
        <th scope="col">${titles[0]}</th>
        <th scope="col">${titles[1]}</th>
        <td></td>
      </tr>
    </thead>
    <tbody>
      ${bars.map(
        ({ label, value, kind, shown }) =>
          html`<tr>
            <th scope="row">${label}</th>
            <td class="number">${shown ?? number(value)}</td>
            <td class="bar" aria-hidden="true">
              <svg viewBox="0 0 100 10" preserveAspectRatio="none">
                <rect class="track" width="100" height="10" />
                <rect class="${kind}" width="${rounded((value / most) * 100)}" height="10" />
              </svg>
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** The numbers behind a chart, folded away. */
export function dataTable(
  summary: string,
  titles: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): Html {
  return html`<details class="data">
    <summary>${summary}</summary>
    <table>
      <thead>
        <tr>
          ${titles.map((title) => html`<th scope="col">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first, ...rest]) =>
            html`<tr>
              <th scope="row">${first}</th>
              ${rest.map((cell) => html`<td class="number">${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`;
}
