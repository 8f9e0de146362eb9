// Draws the Grafana dashboard's panels from a Prometheus that has scraped a worker, as one SVG, and says of every query whether it found
// anything. Grafana draws them more finely: this shows that the file's queries meet real data.
//   node scripts/render-dashboard.mjs --prometheus http://127.0.0.1:9090 --minutes 20 --out dashboard.svg
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { drawPage } from './render-dashboard/draw.mjs';

const DASHBOARD = fileURLToPath(new URL('../infra/observability/dashboard.json', import.meta.url));
/** Points of a line; a panel is some 400 pixels wide. */
const POINTS = 180;
/** Panels that rightly show nothing in a run in which nothing of the kind happened. */
const MAY_BE_EMPTY = new Set(['Failures by cause', 'Retries a minute']);

const { values } = parseArgs({
  options: {
    prometheus: { type: 'string', default: 'http://127.0.0.1:9090' },
    minutes: { type: 'string', default: '30' },
    job: { type: 'string', default: 'vachan' },
    out: { type: 'string' },
  },
});
const to = Math.floor(Date.now() / 1_000);
const from = to - Number(values.minutes) * 60;

const { panels } = JSON.parse(readFileSync(DASHBOARD, 'utf8'));
const drawn = [];
let empty = 0;
for (const panel of panels) {
  if (panel.type === 'row') {
    drawn.push({ row: panel.title });
    continue;
  }
  const series = [];
  for (const target of panel.targets) {
    const found = await query(target);
    series.push(...found);
    const excused = found.length === 0 && MAY_BE_EMPTY.has(panel.title);
    if (found.length === 0 && !excused) empty += 1;
    const verdict = found.length > 0 ? `${found.length} series` : excused ? 'nothing, as may be' : 'NOTHING';
    console.log(`${panel.title}: ${verdict}${found.length === 0 ? `\n  ${target.expr}` : ''}`);
  }
  drawn.push({ title: panel.title, unit: panel.fieldConfig.defaults.unit, series });
}
if (values.out !== undefined) writeFileSync(values.out, drawPage(drawn, { from, to }));
console.log(empty === 0 ? 'Every panel has data.' : `${empty} queries found nothing.`);
process.exitCode = empty === 0 ? 0 : 1;

/** @returns `{name, points: [seconds, value][]}` each; series without a single finite value are left out */
async function query({ expr, legendFormat = '' }) {
  const url = new URL('/api/v1/query_range', values.prometheus);
  const filled = expr.replaceAll('$job', values.job).replaceAll('$instance', '.*');
  url.search = String(
    new URLSearchParams({ query: filled, start: from, end: to, step: Math.max(1, (to - from) / POINTS) }),
  );
  const answer = await (await fetch(url)).json();
  if (answer.status !== 'success') throw new Error(`Prometheus refuses ${filled}: ${answer.error}`);
  return answer.data.result
    .map(({ metric, values: points }) => ({
      name: legendFormat.replace(/\{\{\s*(\w+)\s*\}\}/g, (_all, label) => metric[label] ?? ''),
      points: points.map(([at, value]) => [at, Number(value)]).filter(([, value]) => Number.isFinite(value)),
    }))
    .filter(({ points }) => points.length > 0);
}
