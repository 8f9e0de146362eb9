import { printable } from '../../../platform/text/printable.js';
import { byFrequency, totalOf } from '../../../contract/reason-counts.js';
import { loadSettings } from '../../../platform/config/load-settings.js';
import type { Environment } from '../../../platform/config/environment.js';
import type { SourceRepository } from '../sources/source-repository.js';
import type { PassedOver } from '../sources/passed-over.js';
import { count } from '../../../commands/words.js';
import { ok, warning, type Check, type Finding } from '../../../commands/finding.js';
import { withSource } from './source-check.js';
import { pick } from '../../../platform/config/settings-table.js';
import { RECORDINGS_SETTINGS } from '../settings/index.js';

/** All documents of a large date, from a cold disk. */
const COUNT_SECONDS = 300;

/** What becomes of a reason's rows. */
const ADVICE: Readonly<Record<string, string>> = {
  test_date_in_another_time_zone:
    'Midnight of the date elsewhere: set TEST_DATE_TIME_ZONE if that is where the source keeps its dates.',
  test_date_not_understood: 'Write the date as YYYY-MM-DD or as a Date in the source.',
  subject_name_near_miss: 'Correct the name in the source, or set SUBJECT_NAME.',
};
const OTHER_ADVICE = 'Correct these rows in the source; a run passes them over.';

/** What a run of the date would take and leave, row by row counted: before it is started. */
export function rowsCheck(environment: Environment, testDate: string): Check {
  const name = `Rows of ${testDate}`;
  return {
    name,
    todo: 'The rows could not be counted; a run of the date counts them as well.',
    timeoutSeconds: COUNT_SECONDS,
    run: async () => {
      const { SUBJECT_NAME: subject_name } = loadSettings(
        environment,
        pick(RECORDINGS_SETTINGS, 'SUBJECT_NAME'),
      );
      const counted = await withSource(environment, (source: SourceRepository) =>
        source.countRows({ test_date: testDate, subject_name }),
      );
      return findings(name, counted);
    },
  };
}

function findings(name: string, { candidates, rows_passed_over, samples }: PassedOver): Finding[] {
  const taken = `${count(candidates, 'row')} that a run takes`;
  const passed = byFrequency(rows_passed_over).map(([reason, rows]) => {
    const id = samples.find((sample) => sample.reason === reason)?.mongo_doc_id ?? '';
    return warning(name, `${rows} ${reason}, among them ${printable(id)}`, ADVICE[reason] ?? OTHER_ADVICE);
  });
  const total = totalOf(rows_passed_over);
  return [
    ok(name, total === 0 ? `${taken}, none that it passes over` : `${taken}, ${total} that it passes over`),
    ...passed,
  ];
}
