import type { SourceRow } from '#vachan/pipelines/recordings/contract/source-row.js';
import { toUtcMidnight } from '#vachan/contract/dates.js';
import type { SeedKind } from './expected-outcomes.js';
import type { Samples } from './samples.js';

/** One subject of one record type, as the source will hold it: with all that may be wrong about it. */
export interface PlannedRow {
  kind: SeedKind;
  mongo_doc_id: string;
  student_id: string;
  udise: string;
  test_date: string | Date | null;
  record_type: SourceRow['record_type'];
  subject_id: string;
  subject_name: string;
  audio_url: string | null | undefined;
  subject_created_at: Date | string | undefined;
}

/** Rows and messages to be seeded; nothing is written yet. */
export interface SeedPlan {
  testDate: string;
  subjectName: string;
  rows: PlannedRow[];
  /** Bodies that are no recording. */
  malformed: string[];
}

export interface SeedPlanOptions {
  /** Rows that discovery must find; the rows it must not find come on top. */
  records: number;
  testDate: string;
  subjectName: string;
  bucket: string;
  region: string;
  source: 'mongo' | 'postgres';
  samples: Samples;
}

/** Below this there would be no room for one row of each kind. */
export const FEWEST_RECORDS = 12;

/** Shares of all records, each at least one row; what is left is read as it should be. */
const SHARES: readonly [SeedKind, number][] = [
  ['anomalous', 0.12],
  ['scored_before', 0.05],
  ['missing_object', 0.02],
  ['corrupt_audio', 0.015],
  ['truncated_audio', 0.015],
  ['empty_audio', 0.01],
  ['duplicate_delivery', 0.03],
  ['same_recording', 0.02],
];

/** Shares on top of the records. */
const DIRT: readonly [SeedKind, number][] = [
  ['deleted_after_queuing', 0.02],
  ['other_subject', 0.1],
  ['lookalike_subject', 0.01],
  ['other_date', 0.05],
  ['invalid_test_date', 0.01],
  ['empty_url', 0.03],
  ['missing_url', 0.01],
  ['missing_created_at', 0.02],
  ['invalid_created_at', 0.01],
];

const MALFORMED = [
  'not JSON at all',
  '{"source_collection":"student_assessment_record"',
  '{}',
  '[]',
  'null',
  '{"mongo_doc_id":42,"test_date":"20-12-2025","audio_s3_url":null}',
];

/**
 * Plans what is seeded: the same options give the same rows.
 *
 * @throws RangeError when there are fewer records than kinds
 */
export function planSeed(options: SeedPlanOptions): SeedPlan {
  const { records, testDate, subjectName } = options;
  if (!Number.isInteger(records) || records < FEWEST_RECORDS) {
    throw new RangeError(
      `records is ${records}; a seed takes ${FEWEST_RECORDS} or more, so that each kind is there.`,
    );
  }
  const atLeastOne = (share: number): number => Math.max(1, Math.round(records * share));
  const kinds = SHARES.flatMap(([kind, share]) => times(atLeastOne(share), kind));
  const spare = records - kinds.length - kinds.filter((kind) => kind === 'same_recording').length;
  kinds.push(...times(spare, 'normal' as const));
  for (const [kind, share] of DIRT) {
    // A column of dates can only lack one, so Postgres has no such row.
    if (kind === 'invalid_created_at' && options.source === 'postgres') continue;
    kinds.push(...times(atLeastOne(share), kind));
  }
  const rows = shuffled(kinds).flatMap((kind, index) => planRows(kind, index, options));
  return { testDate, subjectName, rows, malformed: MALFORMED };
}

function planRows(kind: SeedKind, index: number, options: SeedPlanOptions): PlannedRow[] {
  const { testDate, subjectName } = options;
  const midnight = toUtcMidnight(testDate);
  const row: PlannedRow = {
    kind,
    mongo_doc_id: (0x675000000000 + index).toString(16).padStart(24, '0'),
    student_id: `student-${index}`,
    udise: String(27_000_000_000 + (index % 40)),
    // Both forms are in use, documents of the same date mix them.
    test_date: options.source === 'mongo' && index % 3 === 0 ? midnight : testDate,
    record_type: index % 4 === 0 ? 'admin_record' : 'teacher_record',
    subject_id: `reading-${index % 7}`,
    subject_name: subjectName,
    audio_url: audioUrl(kind, index, options),
    // Uploads come in bursts: four rows share each timestamp, so ties are everywhere.
    subject_created_at: new Date(midnight.getTime() + 13 * 3_600_000 + Math.floor(index / 4) * 1000),
  };
  switch (kind) {
    case 'other_subject':
      return [{ ...row, subject_name: index % 2 === 0 ? 'गणित' : 'लेखन' }];
    case 'lookalike_subject':
      return [{ ...row, subject_name: index % 2 === 0 ? `${subjectName} 2` : `${subjectName}ी` }];
    case 'other_date':
      return [{ ...row, test_date: new Date(midnight.getTime() - 86_400_000).toISOString().slice(0, 10) }];
    case 'invalid_test_date':
      return [{ ...row, test_date: options.source === 'mongo' && index % 2 === 0 ? '20-12-2025' : null }];
    case 'empty_url':
      return [{ ...row, audio_url: '' }];
    case 'missing_url':
      return [{ ...row, audio_url: index % 2 === 0 ? null : undefined }];
    case 'missing_created_at':
      return [{ ...row, subject_created_at: undefined }];
    case 'invalid_created_at':
      return [{ ...row, subject_created_at: `${testDate} 13:00` }];
    case 'same_recording':
      return [
        { ...row, record_type: 'teacher_record' },
        { ...row, record_type: 'admin_record' },
      ];
    default:
      return [row];
  }
}

function audioUrl(kind: SeedKind, index: number, options: SeedPlanOptions): string {
  const { samples, bucket, region } = options;
  const pick = (files: readonly string[]): string => `samples/${files[index % files.length] ?? ''}`;
  const byKind: Partial<Record<SeedKind, string>> = {
    anomalous: pick(samples.anomalous),
    missing_object: `uploads/never-arrived-${index}.wav`,
    corrupt_audio: pick(samples.corrupt),
    truncated_audio: pick(samples.truncated),
    empty_audio: pick(samples.empty),
  };
  const key = byKind[kind] ?? pick(samples.normal);
  // The apps that upload write all of these.
  if (index % 10 === 3) return `https://${bucket}.s3.${region}.amazonaws.com/${key}`;
  if (index % 10 === 7) return `https://s3.${region}.amazonaws.com/${bucket}/${key}?versionId=null`;
  return `s3://${bucket}/${key}`;
}

const times = <T>(count: number, value: T): T[] => Array.from({ length: Math.max(0, count) }, () => value);

/** Fisher and Yates, with a small generator of its own: the order looks random and is the same each time. */
function shuffled<T>(items: readonly T[]): T[] {
  const result = [...items];
  let state = 20251220;
  for (let last = result.length - 1; last > 0; last -= 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (last + 1));
    [result[last], result[other]] = [result[other]!, result[last]!];
  }
  return result;
}
