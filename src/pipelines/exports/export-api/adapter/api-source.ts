import { ApiAnswerInvalid, ExportNotReady } from '../../errors.js';
import type { ExportSource, ExportStatus, FilePage } from '../export-source.js';
import { withoutAbsent } from './absent.js';
import { answerOf, ask, isSuccess, refusalOf, urlOf, type ApiSourceParts } from './asking.js';
import { COUNT, ID, kindOf, optional, required, SECONDS, TIME, WORD, wrong } from './answer-fields.js';
import { readLink } from './links.js';
import { readPage } from './pages.js';
import { statusRefusal } from './refusals.js';

/** An API of this shape, as the rest of the pipeline sees it. */
export function createApiSource(parts: ApiSourceParts): ExportSource {
  const { acknowledge } = parts.shape;
  return {
    status: (exportId, signal) => readStatus(parts, exportId, signal),
    page: async (exportId, cursor, signal): Promise<FilePage> => {
      const { files, next } = await readPage(parts, exportId, cursor, signal);
      return { files, next };
    },
    link: (exportId, fileId, signal) => readLink(parts, exportId, fileId, signal),
    ...(acknowledge !== undefined && {
      acknowledge: async (exportId, result, signal) => {
        const url = urlOf(parts, 'acknowledge', acknowledge.path, { export_id: exportId });
        const answer = await ask(parts, 'acknowledge', url, signal, { body: result });
        if (isSuccess(answer)) return;
        throw new ApiAnswerInvalid(`${refusalOf(parts, 'acknowledge', answer).said}, expected 200 to 299.`);
      },
    }),
  };
}

/** Of an export that is worked on, some APIs say what they say under "accepted". */
const STATUS_STATUSES: readonly number[] = [200, 202, 203];

async function readStatus(
  parts: ApiSourceParts,
  exportId: string,
  signal: AbortSignal | undefined,
): Promise<ExportStatus> {
  const shape = parts.shape.status;
  const called = await ask(
    parts,
    'status',
    urlOf(parts, 'status', shape.path, { export_id: exportId }),
    signal,
  );
  if (!STATUS_STATUSES.includes(called.status)) {
    const refused = statusRefusal(refusalOf(parts, 'status', called), shape);
    // Asked again like any export that is not ready.
    if (refused instanceof ExportNotReady) return { state: 'queued' };
    throw refused;
  }
  const answer = answerOf(parts, 'status', called);
  const id = optional(answer, shape.id, ID);
  if (id !== undefined && id !== exportId) {
    throw wrong(answer, shape.id!, kindOf(id), 'the id that was asked for');
  }
  const word = required(answer, shape.state, WORD);
  const state = Object.hasOwn(shape.states, word) ? shape.states[word] : undefined;
  if (state === undefined) {
    const known = Object.keys(shape.states).join(', ');
    throw wrong(answer, shape.state, JSON.stringify(word.slice(0, 60)), `one of ${known}`);
  }
  const code = optional(answer, shape.error_code, WORD);
  const message = optional(answer, shape.error_message, WORD);
  return withoutAbsent({
    state,
    createdAt: optional(answer, shape.created_at, TIME),
    expiresAt: optional(answer, shape.expires_at, TIME),
    fileCount: optional(answer, shape.file_count, COUNT),
    totalBytes: optional(answer, shape.total_bytes, COUNT),
    pollAfterSeconds: optional(answer, shape.poll_after_seconds, SECONDS),
    error:
      code === undefined && message === undefined ? undefined : { code: code ?? '', message: message ?? '' },
  });
}
