import { createHash } from 'node:crypto';
import type { S3Prefix } from '../../../platform/config/s3-prefix-setting.js';
import { encodeExportId, type JobRef } from '../contract/job-ref.js';

/** Of ordinals and page numbers, so that the order of keys is theirs: at most 1,000,000 files. */
const DIGITS = 7;

/** Every key of the memory of the work, below `EXPORT_STATE_PREFIX`. */
export interface JobKeys {
  /** Everything of the job; ends with a slash. */
  folder: string;
  listingFolder: string;
  /** Pages are numbered by their first file, so that the one with a given file is found without reading any. */
  listingPage: (firstOrdinal: number) => string;
  /** Where listing goes on: a cursor may be a signed address, so that it stands in no history. */
  listingCursor: string;
  /** What the API has said of a file since it was listed. */
  restated: (fileId: string) => string;
  filesFolder: string;
  fragment: (ordinal: number) => string;
  rows: (ordinal: number) => string;
  /** Before the first of these keys none of `filesFolder` is of this ordinal or a later one. */
  filesFrom: (ordinal: number) => string;
  /** Which tasks are out. */
  dispatch: string;
  cancelled: string;
  uploadsFolder: string;
  /** Uploads of one file. */
  uploadsOf: (ordinal: number) => string;
  upload: (ordinal: number, n: number) => string;
  spoolFolder: string;
  /** Beside all jobs, so that a lifecycle rule, which knows keys by their beginning, can end what is left behind. */
  spool: (ordinal: number) => string;
  /** Says that a task was given back for its age while it worked on this file. */
  yielded: (ordinal: number) => string;
  /** Begins the keys of all results. */
  results: string;
  /** Undefined is the latest attempt. */
  result: (attempt?: number) => string;
  manifest: (attempt?: number) => string;
  rejects: (attempt?: number) => string;
  missing: (attempt?: number) => string;
}

export function jobKeys({ prefix }: S3Prefix, { source, export_id: exportId }: JobRef): JobKeys {
  const job = `${source}/${encodeExportId(exportId)}`;
  const folder = below(prefix, `${job}/`);
  const files = `${folder}files/`;
  const uploads = `${folder}uploads/`;
  const list =
    (name: string, ending: string) =>
    (attempt?: number): string =>
      `${folder}${name}${attempt === undefined ? '' : `-${attempt}`}.${ending}`;
  return {
    folder,
    listingFolder: `${folder}listing/`,
    listingPage: (firstOrdinal) => `${folder}listing/${padded(firstOrdinal)}.ndjson`,
    listingCursor: `${folder}listing-cursor.json`,
    restated: (fileId) => `${folder}restated/${createHash('sha256').update(fileId).digest('hex')}.json`,
    filesFolder: files,
    fragment: (ordinal) => `${files}${padded(ordinal)}.json`,
    rows: (ordinal) => `${files}${padded(ordinal)}.ndjson`,
    filesFrom: (ordinal) => `${files}${padded(ordinal)}`,
    dispatch: `${folder}dispatch.json`,
    cancelled: `${folder}cancelled.json`,
    uploadsFolder: uploads,
    uploadsOf: (ordinal) => `${uploads}${padded(ordinal)}-`,
    upload: (ordinal, n) => `${uploads}${padded(ordinal)}-${n}.json`,
    // No source begins with an underscore.
    spoolFolder: below(prefix, `_spool/${job}/`),
    spool: (ordinal) => below(prefix, `_spool/${job}/${padded(ordinal)}`),
    yielded: (ordinal) => `${folder}yielded/${padded(ordinal)}.json`,
    results: `${folder}result`,
    result: list('result', 'json'),
    manifest: list('manifest', 'ndjson'),
    rejects: list('rejects', 'ndjson'),
    missing: list('missing', 'ndjson'),
  };
}

/** Says that a source is paused; no export's folder, since in an id's form a leading underscore is encoded. */
export function pauseKey({ prefix }: S3Prefix, source: string): string {
  return below(prefix, `${source}/_paused.json`);
}

/** Beside all jobs, as no source begins with an underscore: so the newest events of all are found by one listing. */
export function eventsFolder({ prefix }: S3Prefix): string {
  return below(prefix, '_events/');
}

export function eventKey(prefix: S3Prefix, eventId: string): string {
  return `${eventsFolder(prefix)}${eventId}.json`;
}

/** Later than any event. */
const END_OF_TIME_MS = 9_999_999_999_999;

/** Sorts before the ids of all events that are older. */
export function eventIdOf(webhookId: string, at: string): string {
  return `${String(END_OF_TIME_MS - Date.parse(at)).padStart(13, '0')}-${webhookId}`;
}

/** Says that an endpoint of events is disabled. */
export function endpointKey({ prefix }: S3Prefix, key: string): string {
  return below(prefix, `_endpoints/${key}.json`);
}

/** The ordinal of a fragment's key; undefined for any other key. */
export function ordinalOfFragment(key: string): number | undefined {
  const digits = /\/files\/(\d+)\.json$/.exec(key)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The first ordinal of a listing page by its key; undefined for any other key. */
export function listingPageOf(key: string): number | undefined {
  const digits = /\/listing\/(\d+)\.ndjson$/.exec(key)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The attempt of an earlier result's key; undefined for any other key. */
export function attemptOfResult(key: string): number | undefined {
  const digits = /\/result-(\d+)\.json$/.exec(key)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function padded(number: number): string {
  return String(number).padStart(DIGITS, '0');
}

function below(prefix: string, path: string): string {
  return prefix === '' ? path : `${prefix}/${path}`;
}
