import { table } from './markdown-table.js';
import type { ChaosReport } from './report.js';

/** The report as a page for `docs/chaos`. */
export function markdownReport(report: ChaosReport): string {
  const { recovery_seconds: recovery } = report;
  const facts: (readonly [string, string | number])[] = [
    ['records', report.records],
    ['workers at once', report.workers],
    ['faults', report.faults_injected],
    ['of these, kills', report.kills],
    ['worker processes started', report.worker_starts],
    ['discovery started', report.discovery_starts],
    ['redeliveries of sound messages', report.redeliveries],
    ['results', report.results],
    ['CSV rows', report.csv_rows],
    ['dead-letter messages', report.dead_letters],
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
    ...table(
      ['', ''],
      facts.map(([name, value]) => [name, String(value)]),
    ),
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

const counted = (counts: Readonly<Record<string, number>>): [string, string][] =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => [`\`${name}\``, String(count)]);
