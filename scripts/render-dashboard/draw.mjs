// A page of line charts as SVG, readable on light and dark pages.
const COLUMNS = 3;
const PANEL = { width: 400, height: 224, gap: 12 };
const PLOT = { left: 52, right: 12, top: 30, height: 120 };
const ROW_HEIGHT = 34;
const COLOURS = ['#3274d9', '#d9822b', '#2a9d5c', '#c4453b', '#8a5fd1', '#1f9aa8', '#b0487e', '#7a7a2a'];
/** Share of the time that a line bridges. */
const LONGEST_GAP = 0.02;
/** Names under a panel: more would not fit. */
const MOST_NAMES = 8;

/** @param panels `{row}` or `{title, unit, series}` in the dashboard's order; times in seconds */
export function drawPage(panels, { from, to }) {
  const width = COLUMNS * PANEL.width + (COLUMNS + 1) * PANEL.gap;
  let y = 30;
  let column = 0;
  const parts = [];
  const endLine = () => {
    if (column > 0) y += PANEL.height + PANEL.gap;
    column = 0;
  };
  for (const panel of panels) {
    if (panel.row !== undefined) {
      endLine();
      parts.push(`<text x="${PANEL.gap}" y="${y + 20}" class="row">${escape(panel.row)}</text>`);
      y += ROW_HEIGHT;
      continue;
    }
    const x = PANEL.gap + column * (PANEL.width + PANEL.gap);
    parts.push(`<g transform="translate(${x} ${y})">${drawPanel(panel, { from, to })}</g>`);
    column += 1;
    if (column === COLUMNS) endLine();
  }
  endLine();
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" font-family="sans-serif" font-size="11">
<style>rect.page{fill:#fff}rect.panel{fill:#f6f6f7;stroke:#ddd}text{fill:#333}.row{font-size:15px;font-weight:bold}.title{font-weight:bold}.axis{fill:#777;font-size:10px}.grid{stroke:#ddd}</style>
<title>The panels of infra/observability/dashboard.json</title>
<rect class="page" width="100%" height="100%"/>
<text x="${PANEL.gap}" y="20" class="axis">Drawn by scripts/render-dashboard.mjs from dashboard.json and a Prometheus, ${clock(from)} to ${clock(to)} UTC; not a picture of Grafana</text>
${parts.join('\n')}
</svg>
`;
}

function drawPanel({ title, unit, series }, { from, to }) {
  const plotWidth = PANEL.width - PLOT.left - PLOT.right;
  const values = series.flatMap(({ points }) => points.map(([, value]) => value));
  const most = niceTop(Math.max(0, ...values));
  const xOf = (at) => (PLOT.left + ((at - from) / (to - from)) * plotWidth).toFixed(1);
  const yOf = (value) => (PLOT.top + PLOT.height * (1 - value / most)).toFixed(1);
  const grid = [0, 0.5, 1].map((share) => {
    const y = yOf(most * share);
    return `<path class="grid" d="M${PLOT.left} ${y}h${plotWidth}"/><text class="axis" x="${PLOT.left - 5}" y="${Number(y) + 4}" text-anchor="end">${amount(most * share, unit)}</text>`;
  });
  const times = [from, (from + to) / 2, to].map(
    (at, index) =>
      `<text class="axis" x="${xOf(at)}" y="${PLOT.top + PLOT.height + 14}" text-anchor="${['start', 'middle', 'end'][index]}">${clock(at)}</text>`,
  );
  const lines = series.flatMap(({ points }, index) =>
    unbroken(points, (to - from) * LONGEST_GAP).map(
      (part) =>
        `<polyline fill="none" stroke="${COLOURS[index % COLOURS.length]}" stroke-width="1.6" points="${part.map(([at, value]) => `${xOf(at)},${yOf(value)}`).join(' ')}"/>`,
    ),
  );
  return [
    `<rect class="panel" width="${PANEL.width}" height="${PANEL.height}" rx="4"/><text class="title" x="10" y="18">${escape(title)}</text>`,
    ...grid,
    ...times,
    ...lines,
    series.length === 0
      ? `<text class="axis" x="${PANEL.width / 2}" y="${PLOT.top + PLOT.height / 2}" text-anchor="middle">nothing of the kind in this time</text>`
      : names(series),
  ].join('');
}

/** A line breaks where there was nothing to measure. */
function unbroken(points, longestGap) {
  const parts = [];
  for (const point of points) {
    const part = parts.at(-1);
    if (part === undefined || point[0] - part.at(-1)[0] > longestGap) parts.push([point]);
    else part.push(point);
  }
  return parts;
}

function names(series) {
  const shown = series.slice(0, MOST_NAMES);
  const more =
    series.length > shown.length ? [{ name: `and ${series.length - shown.length} more`, plain: true }] : [];
  return [...shown, ...more]
    .map(({ name, plain }, index) => {
      const x = 12 + (index % 3) * 128;
      const y = PLOT.top + PLOT.height + 32 + Math.floor(index / 3) * 14;
      const mark = plain
        ? ''
        : `<rect x="${x}" y="${y - 8}" width="8" height="8" fill="${COLOURS[index % COLOURS.length]}"/>`;
      const words = name.length > 20 ? `${name.slice(0, 19)}…` : name;
      return `${mark}<text x="${x + 12}" y="${y}" class="axis">${escape(words)}</text>`;
    })
    .join('');
}

function niceTop(most) {
  if (!(most > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].find((factor) => factor * power >= most) * power;
}

function amount(value, unit) {
  if (unit === 'bytes') return `${Math.round(value / 1e6)} MB`;
  const text =
    value >= 1_000 ? `${Number((value / 1_000).toFixed(1))}k` : String(Number(value.toPrecision(3)));
  return unit === 's' ? `${text} s` : text;
}

const clock = (seconds) => new Date(seconds * 1_000).toISOString().slice(11, 16);
const escape = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
