import { byFrequency } from '../../contract/reason-counts.js';
import type { ExportJobStatus } from '../../pipelines/exports/contract/job-status.js';
import { printable } from '../../platform/text/printable.js';
import { grouped } from '../shared/describe-dispatch.js';

const STAGES: Readonly<Record<ExportJobStatus['stage'], string>> = {
  checking: 'being checked',
  waiting_for_export: 'waiting for the export to be ready',
  working: 'listing and downloading',
  ending: 'putting the result together',
  ended: 'ended',
};

/** Markdown for the Web UI's "current details" of a job. */
export function describeJob(status: ExportJobStatus): string {
  const { files, tasks, result } = status;
  return [
    `**${printable(status.export_id)}** of ${status.source} · attempt ${status.attempt} · **${result?.state ?? status.status}**`,
    '',
    ...(result === undefined ? [`- **Stage** ${STAGES[status.stage]}`] : []),
    `- **Files** ${grouped(files.settled)} of ${grouped(files.listed)} settled${files.all_listed ? '' : ', more are being listed'}`,
    ...(result === undefined
      ? [
          `- **Tasks** ${grouped(tasks.outstanding)} out; ${grouped(tasks.undispatched)} files wait to be sent`,
        ]
      : describeResult(result)),
  ].join('\n');
}

function describeResult({ entries, files, ...result }: NonNullable<ExportJobStatus['result']>): string[] {
  const reasons = byFrequency(result.rejected_by_reason);
  const why = reasons.map(([reason, count]) => `${grouped(count)} ${reason}`).join(', ');
  return [
    ...(result.reason === undefined ? [] : [`- **Reason** ${result.reason}`]),
    ...(files.failed === 0 ? [] : [`- **Failed files** ${grouped(files.failed)}`]),
    `- **Uploaded** ${grouped(entries.uploaded)} of ${grouped(entries.seen)}; ${grouped(entries.skipped_equal)} were there`,
    `- **Rejected** ${grouped(entries.rejected)}${why === '' ? '' : `: ${why}`}`,
    `- **Missing** ${grouped(entries.missing)}`,
  ];
}
