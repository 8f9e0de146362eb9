import { Option } from 'commander';
import { CommandMisused } from '../../../commands/command-misused.js';
import { preview } from '../../../platform/text/printable.js';
import { DEFAULT_SOURCE, isExportId, isSource, jobOf, type JobRef } from '../contract/job-ref.js';

export interface SourceOption {
  source?: string;
}

export const sourceOption = (): Option =>
  new Option('--source <name>', 'whose export it is').default(DEFAULT_SOURCE);

/**
 * The job that a person means: an export id, or a job's workflow id.
 *
 * @throws CommandMisused for what is neither
 */
export function jobNamed(id: string, { source = DEFAULT_SOURCE }: SourceOption): JobRef {
  const named = jobOf(id);
  if (named !== undefined) return named;
  if (!isSource(source)) {
    throw new CommandMisused(
      `--source: expected 1 to 32 lower-case letters, digits and - (got ${preview(source, 60)})`,
    );
  }
  if (!isExportId(id)) {
    throw new CommandMisused(
      `export id: expected 1 to 256 bytes without control characters (got ${preview(id, 60)})`,
    );
  }
  return { source, export_id: id };
}
