import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '../../../../tools/stack/folders.js';

export interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string }[];
}

export interface Dashboard {
  uid: string;
  panels: Panel[];
  templating: { list: { name: string; query: string | { query: string } }[] };
}

export interface Rule {
  alert?: string;
  record?: string;
  expr: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

export const observabilityFolder = (): string => join(projectRoot(), 'infra', 'observability');

const read = (file: string): string => readFileSync(join(observabilityFolder(), file), 'utf8');

/** What begins the names of a pipeline's files. */
export const PREFIXES = { recordings: '', exports: 'exports-', interviews: 'interviews-' } as const;
export type Observed = keyof typeof PREFIXES;

export const dashboard = (pipeline: Observed): Dashboard =>
  JSON.parse(read(`${PREFIXES[pipeline]}dashboard.json`)) as Dashboard;

/** Without a dashboard of their own: what they ask for is on the pages of those that tell events. */
const WEBHOOKS = 'webhooks-';

export const rules = (of: Observed | 'webhooks'): Rule[] => {
  const file = `${of === 'webhooks' ? WEBHOOKS : PREFIXES[of]}rules.yml`;
  return (parse(read(file)) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);
};

/** Every query of a pipeline's dashboard and rules. */
export function queries(pipeline: Observed): string[] {
  const { panels, templating } = dashboard(pipeline);
  return [
    ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ...templating.list.map(({ query }) => (typeof query === 'string' ? '' : query.query)),
    ...rules(pipeline).map(({ expr }) => expr),
  ];
}

/** Names of metrics that are scraped, as the queries use them; recorded names are the rules' own. */
export function metricNames(pipeline: Observed): string[] {
  const names = queries(pipeline).flatMap((query) =>
    [...query.matchAll(/(?<![:\w])(?:vachan|messaging|temporal|process|nodejs)_\w+/g)].map(([name]) => name),
  );
  return [...new Set(names)].filter((name) => name !== 'messaging_destination_name').sort();
}
