import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultKind } from './faults/index.js';
import { isSound, type ChaosReport } from './report.js';
import { runChaos, type ChaosOptions } from './run-chaos.js';
import { table } from '../markdown-table.js';
import type { Ground, Shown } from '../under-fire.js';
import type { Servers } from './servers.js';

/** Faults of one kind begin within the minutes. */
export type EachAloneOptions = Omit<ChaosOptions, 'name' | 'leastKills' | 'folder' | 'environment' | 'log'>;

/** A run in which only one thing breaks. */
export interface FaultAlone {
  kind: FaultKind;
  report: ChaosReport;
}

/** Small batches and pages, so that a fault meets work although the run is short; what cannot be read ends soon. */
const SMALL_STEPS = {
  ...{ BATCH_SIZE: '10', DISCOVERY_BATCH_SIZE: '15' },
  POLL_INTERVAL_SECONDS: '1',
  ...{ SQS_RETRY_DELAY_SECONDS: '2', SQS_RETRY_DELAY_MAX_SECONDS: '6' },
};

/** A small run for each kind of fault, one after the other on the same servers. */
export async function runEachAlone(options: EachAloneOptions, ground: Ground<Servers>): Promise<Shown> {
  const { kinds, settings, ...same } = options;
  const { servers, held, folder, environment, log } = ground;
  const alone: FaultAlone[] = [];
  for (const kind of kinds) {
    const name = `alone-${alone.length + 1}`;
    const own = join(folder, name);
    mkdirSync(join(own, 'output'), { recursive: true });
    log(`\n${kind}`);
    const report = await runChaos(
      {
        ...{ ...same, name, folder: own, environment, log, leastKills: 0, beginWithWork: true },
        kinds: [kind],
        settings: { ...SMALL_STEPS, ...settings },
      },
      servers,
      held,
    );
    alone.push({ kind, report });
    log(rowOf({ kind, report }).join('  '));
    for (const complaint of Object.values(report.complaints).flat()) log(`  - ${complaint as string}`);
  }
  return {
    lines: ['', ...table(HEAD, alone.map(rowOf))],
    report: alone,
    markdown: pageOf(options, alone),
    isSound: alone.every(({ report }) => isSound(report)),
  };
}

const HEAD = [
  ...['fault', 'injected', 'redeliveries', 'recovered after s, median', 'most', 'done after s'],
  ...['lost', 'doubled', 'wrong'],
];

function rowOf({ kind, report }: FaultAlone): string[] {
  const { recovery_seconds: recovery } = report;
  return [
    `\`${kind}\``,
    String(report.faults_injected),
    String(report.redeliveries),
    ...(recovery === undefined ? ['–', '–'] : [String(recovery.median), String(recovery.most)]),
    String(report.seconds_after_last_fault),
    ...[report.lost, report.doubled, report.wrong].map(String),
  ];
}

/** The page for `docs/chaos`. */
export function pageOf(
  { command, records, workers }: Pick<EachAloneOptions, 'command' | 'records' | 'workers'>,
  alone: readonly FaultAlone[],
): string {
  return [
    '# Each fault alone',
    '',
    '```bash',
    command,
    '```',
    '',
    `A run of ${records} records a row, ${workers} workers, and nothing breaks but this. *Recovered*: from a fault's end to the next`,
    "finished batch; *done*: from the last fault's end until the queue was empty and every run had ended, late rows and the",
    'deliveries of what cannot be read included. *Redeliveries* are those of sound messages.',
    '',
    ...table(HEAD, alone.map(rowOf)),
    '',
  ].join('\n');
}
