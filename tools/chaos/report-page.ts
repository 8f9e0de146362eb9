import { table } from './markdown-table.js';
import type { RunReport } from './report.js';

export type Fact = readonly [name: string, value: string | number];

/** A table below its heading. */
export interface Section {
  heading: string;
  /** Of its two columns. */
  head: readonly [string, string];
  rows: readonly (readonly [string, string])[];
}

/** A page for `docs/chaos`: the command that gives it again, facts, and what was counted. */
export function reportPage(
  title: string,
  { command, facts, sections }: { command: string; facts: readonly Fact[]; sections: readonly Section[] },
): string {
  return [
    ...[`# ${title}`, ''],
    ...['```bash', command, '```', ''],
    ...table(
      ['', ''],
      facts.map(([name, value]) => [name, String(value)]),
    ),
    '',
    ...sections.flatMap(({ heading, head, rows }) => [`## ${heading}`, '', ...table(head, rows), '']),
  ].join('\n');
}

/** How long a run took, and how soon work went on. @param work a piece of it, such as `settled file` */
export function timesOf(report: RunReport, work: string): Fact[] {
  const { recovery_seconds: recovery } = report;
  return [
    ['run', `${report.run_seconds} s`],
    [
      `from a fault's end to the next ${work}`,
      recovery === undefined ? 'not measured' : `${recovery.median} s (median), ${recovery.most} s (most)`,
    ],
    ['from the last fault until all was done', `${report.seconds_after_last_fault} s`],
  ];
}

/** How many complaints of each kind there are, so that they are seen. */
export const complaintsOf = (complaints: Readonly<Record<string, readonly string[]>>): Fact[] =>
  Object.entries(complaints).map(([kind, { length }]) => [`**${kind}**`, `**${length}**`]);

/** Rows of what was counted, the most frequent first; what never was is left out. */
export const countedRows = (counts: Readonly<Record<string, number>>): [string, string][] =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => [`\`${name}\``, String(count)]);
