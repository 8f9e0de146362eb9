import { VachanError } from '../../platform/errors.js';
import type { EntryReason, FileReason, JobReason } from './contract/reasons.js';

/** Something that cannot be used, for a reason of a closed list; asking again would not change that. */
abstract class Refused<Reason extends string> extends VachanError {
  readonly retryable = false;
  readonly reason: Reason;

  constructor(reason: Reason, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.reason = reason;
  }
}

/** Thrown when one entry of an archive cannot become an object; `stated` and `found` are what did not agree. */
export class EntryRefused extends Refused<EntryReason> {
  readonly stated: string | number | undefined;
  readonly found: string | number | undefined;

  constructor(
    reason: EntryReason,
    detail: string,
    values: { stated?: string | number; found?: string | number } = {},
    options?: ErrorOptions,
  ) {
    super(reason, detail, options);
    this.stated = values.stated;
    this.found = values.found;
  }
}

/** Thrown when a file as a whole cannot be used. */
export class FileRefused extends Refused<FileReason> {}

/** Thrown when a job as a whole cannot go on. */
export class JobRefused extends Refused<JobReason> {}

/** Thrown when a link's object has another strong ETag than before: its directory is read again. */
export class ArchiveChanged extends VachanError {
  readonly retryable = true;
}

/** Thrown when the Export API does not answer, or says that it cannot just now. */
export class ApiUnavailable extends VachanError {
  readonly retryable = true;
  /** What its `Retry-After` asks for. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, retryAfterMs?: number, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** Thrown when the API answers, but not what its contract or its adapter says; names the field, never the answer. */
export class ApiAnswerInvalid extends ApiUnavailable {}

/** Thrown when the API does not take a cursor any more: the listing begins again, and what it knows is kept. */
export class CursorExpired extends VachanError {
  readonly retryable = false;
  /** `cursor_expired` may come again and again; after a second `cursor_invalid` beginning again would not help. */
  readonly code: 'cursor_expired' | 'cursor_invalid';

  constructor(code: CursorExpired['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Thrown when files are asked for before the export is ready. */
export class ExportNotReady extends VachanError {
  readonly retryable = true;
}

/** Thrown when work stopped at a part's end because it was asked to; what is done is recorded. */
export class UploadYielded extends VachanError {
  readonly retryable = true;
}
