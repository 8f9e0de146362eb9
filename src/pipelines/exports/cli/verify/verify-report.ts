import { tableLines } from '../../../../commands/terminal/table.js';
import { thousands } from '../../../../commands/words.js';

/**
 * `absent`, `size`, `crc32`: the object is not what the manifest states. `metadata_…`: the table states something else than what is
 * there; `metadata_absent`: it has no row for the object's entry. `missing`: a row without an object.
 */
export type VerifyProblem =
  | 'absent'
  | 'size'
  | 'crc32'
  | 'metadata_absent'
  | 'metadata_invalid'
  | 'metadata_size'
  | 'metadata_crc32'
  | 'metadata_key'
  | 'missing';

/** What the bucket is, held against the manifest and the metadata. */
export interface VerifyReport {
  source: string;
  export_id: string;
  attempt: number;
  state: string;
  /** Objects of the manifest. */
  objects: number;
  /** Of those, whose checksum S3 or the object tells; of the others the size is all that can be compared. */
  compared: number;
  /** Rows of the metadata. */
  rows: number;
  /** Of those, without an object, and with no entry that was rejected. */
  missing: number;
  /** Of those, whose entry was rejected. */
  rejected: number;
  /** Objects in the job's folder that the manifest does not name. */
  unlisted: number;
  problems: { key: string; problem: VerifyProblem; stated?: string; found?: string }[];
}

const MOST_SHOWN = 200;

export function linesOf(report: VerifyReport): string[] {
  const { objects, compared, rows, missing, rejected, unlisted, problems } = report;
  const shown = problems
    .slice(0, MOST_SHOWN)
    .map(({ key, problem, stated, found }) => [
      key,
      problem,
      stated === undefined ? '' : `stated ${stated}, found ${found ?? 'nothing'}`,
    ]);
  return [
    ...(shown.length === 0
      ? []
      : tableLines([{ title: 'KEY' }, { title: 'PROBLEM' }, { title: 'DETAIL' }], shown)),
    ...(problems.length > shown.length
      ? [`and ${thousands(problems.length - shown.length)} more: --json prints all`]
      : []),
    `${thousands(objects)} objects of the manifest, ${thousands(problems.length - missing)} not as stated, ${thousands(objects - compared)} without a checksum to compare.`,
    `${thousands(rows)} rows of the metadata, ${thousands(missing)} without an object${rejected === 0 ? '' : `, ${thousands(rejected)} whose entry was rejected: vachan exports rejects ${report.export_id}`}.`,
    ...(unlisted === 0
      ? []
      : [`${thousands(unlisted)} objects in the job's folder that the manifest does not name.`]),
  ];
}
