import { createHash, randomUUID } from 'node:crypto';
import type { LocationRules } from '../../../../objects/location.js';
import { parseAudioLocation } from '../../audio/audio-location.js';
import { isCalendarDate } from '../../../../contract/dates.js';
import { storedAddress } from '../../../../objects/address.js';
import { directCollection } from '../../contract/direct.js';
import { resultDocumentId, type ResultIdBasis } from '../../contract/identity.js';
import { describeIssues } from '../../../../contract/issues.js';
import { messageSchema, type RecordingMessage } from '../../contract/message.js';
import { normalizeName } from '../../contract/subject-name.js';
import { AudioLocationRefused } from '../../errors.js';

/** A message's fields that a row of a file may hold. */
export const GIVEN_FIELDS = [
  'audio_s3_url',
  'source_collection',
  'mongo_doc_id',
  'source_record_id',
  'assessment_record_id',
  'test_date',
  'record_type',
  'subject_id',
  'subject_name',
  'source_updated_at',
  'subject_created_at',
  'student_id',
  'udise',
  'trace_id',
] as const;
export type GivenField = (typeof GIVEN_FIELDS)[number];
export type GivenFields = Partial<Record<GivenField, string>>;

export interface MessageRules {
  defaults: {
    source_collection: string;
    /** Undefined where neither an option nor a setting names one: then each row must. */
    test_date: string | undefined;
    subject_name: string;
  };
  locations: LocationRules;
  resultIdBasis: ResultIdBasis;
  now: () => Date;
  /** Tells the messages of one start of a command from those of another; see `recordingFifoIds`. */
  sending: string;
}

/** A message ready to be sent, with the id its result will have; or what keeps it from that. */
export type CompletedMessage =
  { message: RecordingMessage; resultDocumentId: string; problem?: never } | { problem: string };

/** What rows get that name none. */
export const DEFAULT_SUBJECT_ID = 'reading';
export const DEFAULT_RECORD_TYPE = 'teacher_record';

/**
 * Fills in what a row leaves out: `mongo_doc_id` from the address, so that the same recording gets the same id
 * every time; times from the test date; a fresh trace id. An empty cell counts as left out.
 *
 * The problem names fields and expectations, never a child's id or the query string of an address.
 */
export function completeMessage(given: GivenFields, rules: MessageRules): CompletedMessage {
  const { defaults, locations, resultIdBasis, now } = rules;
  const row = withoutEmpty(given);
  const { audio_s3_url: url, test_date: testDate = defaults.test_date } = row;
  if (url === undefined) return { problem: 'no audio_url' };
  if (testDate === undefined) return { problem: 'no test_date, and no --test-date for rows without one' };
  const refusal = addressRefusal(url, locations);
  if (refusal !== undefined) return { problem: refusal };

  const hasRow = row.mongo_doc_id !== undefined || row.source_record_id !== undefined;
  const midnight = isCalendarDate(testDate) ? `${testDate}T00:00:00.000Z` : undefined;
  const createdAt = inMillis(row.subject_created_at) ?? midnight;
  const parsed = messageSchema.safeParse({
    record_type: DEFAULT_RECORD_TYPE,
    subject_id: DEFAULT_SUBJECT_ID,
    student_id: null,
    udise: null,
    trace_id: randomUUID(),
    ...defaults,
    // A row of the source is named by its id; whatever has none stands in no source.
    ...(hasRow ? {} : { source_collection: directCollection(defaults.source_collection) }),
    ...row,
    mongo_doc_id: row.mongo_doc_id ?? row.source_record_id ?? idFromAddress(url),
    test_date: testDate,
    subject_name: normalizeName(row.subject_name ?? defaults.subject_name),
    subject_created_at: createdAt,
    source_updated_at: inMillis(row.source_updated_at) ?? createdAt,
    discovered_at: now().toISOString(),
  });
  if (!parsed.success) return { problem: describeIssues(parsed.error) };
  const message = parsed.data;
  return { message, resultDocumentId: resultDocumentId(message, resultIdBasis) };
}

function withoutEmpty(given: GivenFields): GivenFields {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
}

function addressRefusal(url: string, locations: LocationRules): string | undefined {
  try {
    parseAudioLocation(url, locations);
    return undefined;
  } catch (error) {
    if (error instanceof AudioLocationRefused) return error.message;
    throw error;
  }
}

/** Enough of a hash that no two of a nation's recordings share it. */
const ID_DIGITS = 24;

function idFromAddress(url: string): string {
  const hash = createHash('sha256').update(storedAddress(url), 'utf8').digest('hex');
  return `url-${hash.slice(0, ID_DIGITS)}`;
}

const DATE_OR_INSTANT = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2}))?$/;

/** Spreadsheets and databases write fewer decimals, or another zone, than the contract. Anything else is left as it is. */
function inMillis(text: string | undefined): string | undefined {
  if (text === undefined || !DATE_OR_INSTANT.test(text)) return text;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? text : time.toISOString();
}
