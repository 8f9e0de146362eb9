import { html, type Html } from '../../../platform/page/html.js';
import type { Figures } from './evaluate.js';
import type { OperatingPoint } from './statistics/operating-points.js';

export interface CurveDrawing {
  /** Such as `reading-audio 0.3.0`. */
  model: string;
  /** Null where it is not known. */
  threshold: number | null;
  figures: Figures;
}

const WIDTH = 760;
const HEIGHT = 546;
const PLOT = { left: 64, right: 24, top: 82, bottom: 58 };
const PLOT_WIDTH = WIDTH - PLOT.left - PLOT.right;
const PLOT_HEIGHT = HEIGHT - PLOT.top - PLOT.bottom;
const BASE = PLOT.top + PLOT_HEIGHT;
const FALSE_ALARM_TICKS = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];
const RECALL_TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** As pages of Vachan look, in light and dark. */
const STYLE = `
svg { --paper: #fbfaf7; --ink: #1d232b; --soft: #55606d; --line: #dfdcd3; --first: #2f6f8f; --second: #c2452d; background: var(--paper); }
@media (prefers-color-scheme: dark) { svg { --paper: #14181d; --ink: #e8ebee; --soft: #a9b4bf; --line: #313a43; --first: #63acd0; --second: #f0806a; } }
.paper { fill: var(--paper); }
text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: var(--soft); }
.title { font-size: 16px; font-weight: 650; fill: var(--ink); }
.grid { stroke: var(--line); }
.curve { fill: none; stroke: var(--first); stroke-width: 2.5; stroke-linejoin: round; }
.at { fill: var(--second); }
.wished { fill: var(--paper); stroke: var(--second); stroke-width: 2; }
.label { fill: var(--ink); font-weight: 600; }
`;

const rounded = (value: number): number => Number(value.toFixed(2));
const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
/** A square root, since what matters lies at few false alarms; ticks are labelled with the shares themselves. */
const x = (falseAlarms: number): number => rounded(PLOT.left + Math.sqrt(falseAlarms) * PLOT_WIDTH);
const y = (recall: number): number => rounded(BASE - recall * PLOT_HEIGHT);

/** The ROC curve as an SVG file of its own, with the threshold in use and the wished one; it names no recording. */
export function drawCurve({ model, threshold, figures }: CurveDrawing): string {
  const { curve, area_under_curve: area, recall, false_alarms, wished, normal, anomalous } = figures;
  const about = `${normal} normal and ${anomalous} anomalous recordings${area === null ? '' : `, AUC ${area.value.toFixed(3)} (95 %: ${area.low.toFixed(3)} to ${area.high.toFixed(3)})`}`;
  const inUse =
    threshold !== null && recall !== null && false_alarms !== null
      ? mark('at', { false_alarms: false_alarms.value, recall: recall.value }, `threshold ${threshold}`, 20)
      : undefined;
  const wish =
    wished.threshold !== null && wished.flags !== null && wished.recall !== null
      ? mark(
          'wished',
          { false_alarms: wished.flags.value, recall: wished.recall.value },
          `${percent(wished.share)} wished: ${Number(wished.threshold.toPrecision(4))}`,
          40,
        )
      : undefined;
  const svg = html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    width="${WIDTH}"
    height="${HEIGHT}"
    role="img"
  >
    <title>${model}: ${about}</title>
    <style>
      ${STYLE}
    </style>
    <rect class="paper" width="${WIDTH}" height="${HEIGHT}" />
    <text class="title" x="${PLOT.left}" y="26">${model}</text>
    <text x="${PLOT.left}" y="46">${about}</text>
    ${FALSE_ALARM_TICKS.map(
      (tick) =>
        html`<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="${PLOT.top}" y2="${BASE}" /><text
            x="${x(tick)}"
            y="${BASE + 20}"
            text-anchor="middle"
            >${percent(tick)}</text
          >`,
    )}
    ${RECALL_TICKS.map(
      (tick) =>
        html`<line
            class="grid"
            x1="${PLOT.left}"
            x2="${WIDTH - PLOT.right}"
            y1="${y(tick)}"
            y2="${y(tick)}"
          />
          <text x="${PLOT.left - 8}" y="${y(tick) + 4}" text-anchor="end">${percent(tick)}</text>`,
    )}
    <text x="${PLOT.left}" y="72">anomalous recordings found</text>
    <text x="${PLOT.left + PLOT_WIDTH / 2}" y="${HEIGHT - 12}" text-anchor="middle">
      normal recordings flagged (square-root scale)
    </text>
    <polyline class="curve" points="${curve.map(pointOf).join(' ')}" />
    ${wish} ${inUse}
  </svg>`;
  return `${svg.text}\n`;
}

type Place = Pick<OperatingPoint, 'false_alarms' | 'recall'>;

const pointOf = ({ false_alarms, recall }: Place): string => `${x(false_alarms)},${y(recall)}`;

/** A dot, and its label below it, on the side where there is room. */
function mark(kind: string, { false_alarms, recall }: Place, label: string, below: number): Html {
  const at = x(false_alarms);
  const toTheLeft = at > WIDTH / 2;
  return html`<circle class="${kind}" cx="${at}" cy="${y(recall)}" r="6" />
    <text
      class="label"
      x="${toTheLeft ? at - 10 : at + 10}"
      y="${Math.min(BASE - 6, y(recall) + below)}"
      text-anchor="${toTheLeft ? 'end' : 'start'}"
      >${label}</text
    >`;
}
