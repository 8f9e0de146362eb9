import { complaintsOf, countedRows, reportPage, timesOf } from '../report-page.js';
import type { ChaosReport } from './report.js';

/** The report as a page for `docs/chaos`. */
export function markdownReport(report: ChaosReport): string {
  return reportPage(`${report.records} records under fire, seed ${report.seed}`, {
    command: report.command,
    facts: [
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
      ...timesOf(report, 'finished batch'),
      ...complaintsOf({ ...report.complaints }),
    ],
    sections: [
      { heading: 'Faults', head: ['fault', 'times'], rows: countedRows(report.faults) },
      {
        ...{ heading: 'What the workers logged of it', head: ['event', 'times'] },
        rows: countedRows(report.events),
      },
    ],
  });
}
