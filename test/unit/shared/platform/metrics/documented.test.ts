import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../../../tools/stack/folders.js';
import { createExportsMetrics } from '../../../../../src/pipelines/exports/metrics/exports-metrics.js';
import { createInterviewsMetrics } from '../../../../../src/pipelines/interviews/metrics/interviews-metrics.js';
import { createRecordingsMetrics } from '../../../../../src/pipelines/recordings/metrics/recordings-metrics.js';
import { createMetrics } from '../../../../../src/platform/metrics/metrics.js';

/** What prom-client keeps of a metric besides its public face. */
interface Declared {
  labelNames: string[];
}

test('docs/observability.md lists every metric of ours, with its type, labels and meaning', async () => {
  const metrics = createMetrics();
  const { registry } = metrics;
  createRecordingsMetrics(metrics, { openBatches: () => 0 });
  createExportsMetrics(metrics, {
    held: () => [],
    budget: () => undefined,
    breakers: () => [],
    undispatched: () => 0,
    openJobs: () => undefined,
  });
  createInterviewsMetrics(metrics, {
    heldJobs: () => 0,
    countedJobs: () => undefined,
    memoryUsed: () => undefined,
  });
  const declared = (await registry.getMetricsAsJSON()).filter(({ name }) => !/^(process|nodejs)_/.test(name));
  const expected = declared.map(({ name, type, help }) => {
    const { labelNames } = registry.getSingleMetric(name) as unknown as Declared;
    const labels = labelNames.filter((label) => label !== 'le').map((label) => `\`${label}\``);
    return `| \`${name}\` | ${String(type)} | ${labels.join(', ')} | ${help} |`;
  });
  const docs = readFileSync(join(projectRoot(), 'docs', 'observability.md'), 'utf8');
  const rows = docs.split('\n').filter((line) => /^\| `(vachan|messaging)_/.test(line));
  expect(rows).toEqual(expected);
});
