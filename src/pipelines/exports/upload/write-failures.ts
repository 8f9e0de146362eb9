import {
  ChecksumRefused,
  PartsRefused,
  PreconditionFailed,
  UploadNotFound,
  WriteConflict,
} from '../../../objects/write-errors.js';

/** Another write of the same key, or our own whose answer was lost: what lies at the key decides. */
export function isLostRace(error: unknown): boolean {
  return error instanceof PreconditionFailed || error instanceof WriteConflict;
}

/** The upload is gone or of no use; another one may go well. */
export function isSpoilt(error: unknown): boolean {
  return error instanceof UploadNotFound || error instanceof ChecksumRefused || error instanceof PartsRefused;
}
