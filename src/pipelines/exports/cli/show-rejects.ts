import { EXIT, type ExitCode } from '../../../commands/context.js';
import { tableLines } from '../../../commands/terminal/table.js';
import { NoSuchRun } from '../../../temporal/runs/run-errors.js';
import type { MissingRow, RejectRow } from '../contract/result.js';
import type { RejectsOptions } from './commands/rejects.js';
import type { ExportsContext } from './context.js';
import { jobNamed } from './job-argument.js';

/** A page for a person; all of them are in JSON. */
const MOST_SHOWN = 1_000;

export async function showRejects(
  context: ExportsContext,
  id: string,
  { attempt, missing = false, json = false, ...named }: RejectsOptions,
): Promise<ExitCode> {
  const job = jobNamed(id, named);
  const { state, close } = await context.openJobs(context.readEnvironment());
  const { terminal } = context;
  try {
    const of = state.of(job);
    const { keys } = of;
    const result = attempt === undefined ? keys.result() : keys.result(attempt);
    // Of the latest attempt or, as it is kept once another has followed, of an earlier one.
    if (!(await state.objects.exists(result))) {
      const which = attempt === undefined ? 'no result yet' : `no result of attempt ${attempt}`;
      throw new NoSuchRun(`Export ${job.export_id} of source ${job.source} has ${which}.`);
    }
    const key = missing ? keys.missing(attempt) : keys.rejects(attempt);
    const rows: string[][] = [];
    let total = 0;
    for await (const line of state.objects.lines(key)) {
      total += 1;
      if (json) terminal.out(line);
      else if (rows.length < MOST_SHOWN) rows.push(missing ? missingCells(line) : rejectCells(line));
    }
    if (json) return EXIT.ok;
    if (total === 0) terminal.out(missing ? 'Nothing is missing.' : 'Nothing was rejected.');
    else terminal.out(tableLines(missing ? MISSING : REJECTED, rows).join('\n'));
    if (total > rows.length) terminal.err(`${total - rows.length} more: --json prints all.`);
    return EXIT.ok;
  } finally {
    close();
  }
}

const REJECTED = [{ title: 'FILE' }, { title: 'ENTRY' }, { title: 'REASON' }, { title: 'DETAIL' }];
const MISSING = [{ title: 'ENTRY' }];

function rejectCells(line: string): string[] {
  const row = JSON.parse(line) as RejectRow;
  const stated = row.stated === undefined ? '' : ` (stated ${row.stated}, found ${row.found ?? 'nothing'})`;
  return [row.file_name, row.entry ?? '(the file)', row.reason, `${row.detail ?? ''}${stated}`];
}

function missingCells(line: string): string[] {
  return [(JSON.parse(line) as MissingRow).entry];
}
