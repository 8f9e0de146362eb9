import { EXIT, type ExitCode } from '../../../commands/context.js';
import { tableLines } from '../../../commands/terminal/table.js';
import { thousands } from '../../../commands/words.js';
import { addReasons, type ReasonCounts } from '../../../contract/reason-counts.js';
import type { ListedFile } from '../contract/listed-file.js';
import type { JobRef } from '../contract/job-ref.js';
import { FileRefused } from '../errors.js';
import { createCursorGuard } from '../export-api/cursor-guard.js';
import type { ExportSource } from '../export-api/export-source.js';
import type { PlanOptions } from './commands/plan.js';
import type { ExportsContext } from './context.js';
import { jobNamed } from './job-argument.js';
import { openPlans } from './open-plans.js';

/** Entries of a table for a person; all of them are in JSON. */
const MOST_SHOWN = 500;

interface Totals {
  files: number;
  files_refused: number;
  entries: number;
  to_upload: number;
  bytes: number;
  refused: number;
  refused_by_reason: ReasonCounts;
}

/** A dry run of a job. */
export async function planJob(
  { terminal, readEnvironment, onInterrupt }: ExportsContext,
  id: string,
  { json = false, ...named }: PlanOptions,
): Promise<ExitCode> {
  const job = jobNamed(id, named);
  const plans = openPlans(readEnvironment());
  const leaving = new AbortController();
  const stopListening = onInterrupt(() => leaving.abort(new Error('Interrupted.')));
  const { signal } = leaving;
  const totals: Totals = {
    files: 0,
    files_refused: 0,
    entries: 0,
    to_upload: 0,
    bytes: 0,
    refused: 0,
    refused_by_reason: {},
  };
  const rows: string[][] = [];
  const refuse = (file: string, entry: string | null, reason: string, detail: string): void => {
    totals.refused_by_reason = addReasons(totals.refused_by_reason, { [reason]: 1 });
    if (json) terminal.out(JSON.stringify({ file, entry, reason, detail }));
    else if (rows.length < MOST_SHOWN) rows.push([file, entry ?? '(the file)', reason, detail]);
  };
  try {
    for await (const file of filesOf(plans.source(job.source), job, signal)) {
      totals.files += 1;
      try {
        for await (const planned of plans.plan(job, file, signal)) {
          totals.entries += 1;
          if (planned.refusal === undefined) {
            totals.to_upload += 1;
            totals.bytes += planned.size;
            if (json)
              terminal.out(
                JSON.stringify({
                  file: file.name,
                  entry: planned.entry,
                  size: planned.size,
                  key: planned.key,
                }),
              );
          } else {
            totals.refused += 1;
            refuse(file.name, planned.entry, planned.refusal.reason, planned.refusal.detail);
          }
        }
      } catch (error) {
        if (!(error instanceof FileRefused)) throw error;
        totals.files_refused += 1;
        refuse(file.name, null, error.reason, error.message);
      }
    }
    if (json) terminal.out(JSON.stringify({ totals }));
    else terminal.out(linesOf(totals, rows).join('\n'));
    return totals.refused + totals.files_refused === 0 ? EXIT.ok : EXIT.failed;
  } catch (error) {
    if (signal.aborted) return EXIT.detached;
    throw error;
  } finally {
    stopListening();
    await plans.close();
  }
}

async function* filesOf(source: ExportSource, job: JobRef, signal: AbortSignal): AsyncIterable<ListedFile> {
  const seen = new Set<string>();
  const guard = createCursorGuard();
  let cursor: string | undefined;
  do {
    const page = await source.page(job.export_id, cursor, signal);
    for (const { id, name, size, checksum } of page.files) {
      if (seen.has(id)) continue;
      yield {
        ordinal: seen.size,
        file_id: id,
        name,
        ...(size !== undefined && { size }),
        ...(checksum !== undefined && { checksum }),
      };
      seen.add(id);
    }
    // An API that goes round in a circle would never be read to its end.
    guard.see(page);
    cursor = page.next;
  } while (cursor !== undefined);
}

function linesOf(totals: Totals, rows: readonly (readonly string[])[]): string[] {
  const all = totals.refused + totals.files_refused;
  return [
    ...(rows.length === 0
      ? []
      : tableLines([{ title: 'FILE' }, { title: 'ENTRY' }, { title: 'REASON' }, { title: 'DETAIL' }], rows)),
    ...(all > rows.length ? [`and ${thousands(all - rows.length)} more: --json prints all`] : []),
    `${thousands(totals.files)} files with ${thousands(totals.entries)} entries: ${thousands(totals.to_upload)} to upload (${thousands(totals.bytes)} bytes), ${thousands(totals.refused)} entries and ${thousands(totals.files_refused)} files to refuse.`,
  ];
}
