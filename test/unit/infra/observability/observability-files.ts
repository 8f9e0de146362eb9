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

export const dashboard = (): Dashboard => JSON.parse(read('dashboard.json')) as Dashboard;

export const rules = (): Rule[] =>
  (parse(read('rules.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);

/** Every query of the dashboard and the rules. */
export function queries(): string[] {
  const { panels, templating } = dashboard();
  return [
    ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ...templating.list.map(({ query }) => (typeof query === 'string' ? '' : query.query)),
    ...rules().map(({ expr }) => expr),
  ];
}

/** Names of metrics that are scraped, as the queries use them; recorded names are the rules' own. */
export function metricNames(): string[] {
  const names = queries().flatMap((query) =>
    [...query.matchAll(/(?<![:\w])(?:vachan|messaging|temporal|process|nodejs)_\w+/g)].map(([name]) => name),
  );
  return [...new Set(names)].filter((name) => name !== 'messaging_destination_name').sort();
}
