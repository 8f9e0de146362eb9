import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../../tools/stack/folders.js';
import {
  dashboard,
  metricNames,
  observabilityFolder,
  PREFIXES,
  queries,
  rules,
  type Observed,
} from './observability-files.js';

const PIPELINES = Object.keys(PREFIXES) as Observed[];

describe.each(PIPELINES)('the dashboard of %s', (pipeline) => {
  const { panels, templating } = dashboard(pipeline);

  test('shows one query or more in every panel, and no panel twice', () => {
    const shown = panels.filter(({ type }) => type !== 'row');
    expect(shown.length).toBeGreaterThan(12);
    for (const { targets = [] } of shown) expect(targets.length).toBeGreaterThan(0);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  });

  test('lays no panel over another, and none beyond its 24 columns', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_value, cell) => `${x + (cell % w)}:${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  });

  test('uses only variables that it declares', () => {
    const declared = new Set(templating.list.map(({ name }) => name));
    const used = new Set(
      [...JSON.stringify(dashboard(pipeline)).matchAll(/\$\{?(\w+)\}?/g)].map(([, name = '']) => name),
    );
    for (const name of used) expect(declared).toContain(name);
  });
});

describe.each([...PIPELINES, 'webhooks'] as const)('the rules of %s', (pipeline) => {
  const alerts = rules(pipeline).filter(({ alert }) => alert !== undefined);

  test('say of every alert how bad it is, what it means and where its runbook is', () => {
    expect(alerts.length).toBeGreaterThan(pipeline === 'webhooks' ? 1 : 4);
    for (const { labels, annotations } of alerts) {
      expect(['critical', 'warning']).toContain(labels?.['severity']);
      expect(annotations?.['summary']).toMatch(/\.$/);
      const [file = '', anchor = ''] = (annotations?.['runbook_url'] ?? '').split('#');
      const headings = readFileSync(join(projectRoot(), file), 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('#'))
        .map((line) => line.replace(/^#+ /, '').toLowerCase().replaceAll(' ', '-'));
      expect(headings).toContain(anchor);
    }
  });

  test('use no recorded name that they do not record', () => {
    const recorded = new Set(rules(pipeline).map(({ record }) => record));
    const asked = pipeline === 'webhooks' ? rules(pipeline).map(({ expr }) => expr) : queries(pipeline);
    const used = asked.flatMap((query) => [...query.matchAll(/\bjob:\w+:\w+/g)].map(([name]) => name));
    for (const name of used) expect(recorded).toContain(name);
  });

  test('stand in docs/observability.md, each alert by name', () => {
    const docs = readFileSync(join(projectRoot(), 'docs', 'observability.md'), 'utf8');
    for (const { alert } of alerts) expect(docs).toContain(`\`${alert}\``);
  });
});

const BRACKETS = [
  ['(', ')'],
  ['{', '}'],
  ['[', ']'],
] as const;

test.each(PIPELINES)('the queries of %s name metrics, and close every bracket', (pipeline) => {
  expect(metricNames(pipeline).length).toBeGreaterThan(12);
  for (const query of queries(pipeline)) {
    for (const [opening, closing] of BRACKETS) {
      expect(query.split(opening)).toHaveLength(query.split(closing).length);
    }
  }
});

const promtool = (...args: string[]): ReturnType<typeof spawnSync> =>
  spawnSync('promtool', args, { encoding: 'utf8', cwd: observabilityFolder() });
const hasPromtool = promtool('--version').status === 0;

/** Where Prometheus's own tool is installed (Debian's package prometheus has it), it has the last word. */
(hasPromtool ? describe : describe.skip)('promtool', () => {
  test.each([
    ['check', 'rules.yml'],
    ['test', 'rules.test.yml'],
    ['check', 'exports-rules.yml'],
    ['test', 'exports-rules.test.yml'],
    ['check', 'interviews-rules.yml'],
    ['test', 'interviews-rules.test.yml'],
    ['check', 'webhooks-rules.yml'],
    ['test', 'webhooks-rules.test.yml'],
  ])('has nothing to say against %s rules %s', (verb, file) => {
    const { status, stdout, stderr } = promtool(verb, 'rules', file);
    expect({ status, output: status === 0 ? '' : String(stdout) + String(stderr) }).toEqual({
      status: 0,
      output: '',
    });
  });
});
