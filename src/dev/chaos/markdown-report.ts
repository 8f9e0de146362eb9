import type { ChaosReport } from './report.js';

/** The report as a page for `docs/chaos`. */
export function markdownReport(report: ChaosReport): string {
  const { recovery_seconds: recovery } = report;
  const facts: [string, string | number][] = [
    ['records', report.records],
    ['workers at once', report.workers],
    ['faults', report.faults_injected],
    ['of these, kills', report.kills],
    ['worker processes started', report.worker_starts],
    ['discovery started', report.discovery_starts],
    ['redeliveries of sound messages', report.redeliveries],
    ['results', report.results],
    ['CSV rows', report.csv_rows],
    ['dead letters', report.dead_letters],
    ['run', `${report.run_seconds} s`],
    [
      "from a fault's end to the next finished batch",
      recovery === undefined ? 'not measured' : `${recovery.median} s (median), ${recovery.most} s (most)`,
    ],
    ['from the last fault until all was done', `${report.seconds_after_last_fault} s`],
    ['**lost**', `**${report.lost}**`],
    ['**doubled**', `**${report.doubled}**`],
    ['**wrong**', `**${report.wrong}**`],
  ];
  return [
    `# ${report.records} records under fire, seed ${report.seed}`,
    '',
    '```bash',
    report.command,
    '```',
    '',
    ...table(['', ''], facts),
    '',
    '## Faults',
    '',
    ...table(['fault', 'times'], counted(report.faults)),
    '',
    '## What the workers logged of it',
    '',
    ...table(['event', 'times'], counted(report.events)),
    '',
  ].join('\n');
}

const counted = (counts: Readonly<Record<string, number>>): [string, number][] =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => [`\`${name}\``, count]);

/** Padded as the formatter would, so that a committed report passes its check. */
function table(
  head: readonly [string, string],
  rows: readonly (readonly [string, string | number])[],
): string[] {
  const first = [head[0], head[1]] as const;
  const others = rows.map(([left, right]) => [left, String(right)] as const);
  const cells = [first, ...others];
  const width = (column: 0 | 1): number => Math.max(3, ...cells.map((row) => row[column].length));
  const line = (left: string, right: string): string =>
    `| ${left.padEnd(width(0))} | ${right.padEnd(width(1))} |`;
  return [
    line(first[0], first[1]),
    `| ${'-'.repeat(width(0))} | ${'-'.repeat(width(1))} |`,
    ...others.map(([left, right]) => line(left, right)),
  ];
}
