import { printable } from '../../../../platform/text/printable.js';
import {
  ApiAnswerInvalid,
  ApiUnavailable,
  CursorExpired,
  ExportNotReady,
  FileRefused,
  JobRefused,
} from '../../errors.js';
import type { HttpAnswer } from '../client/http-call.js';
import { retryAfterMs } from '../client/retry-after.js';
import type { SourceShape } from './source-shape.js';

/** An answer that is no 2xx, in words. */
export interface Refusal {
  status: number;
  /** Of a problem document, where it is one. */
  code: string | undefined;
  /** Who answered what to which call. */
  said: string;
  retryAfterMs: number | undefined;
}

/** @param what was asked, e.g. `The Export API of acme, asked for a page,` */
export function readRefusal(what: string, { status, headers, text }: HttpAnswer): Refusal {
  const code = problemCode(text);
  const said = `${what} answers ${[status, code].filter(Boolean).join(' ')}`;
  return { status, code, said, retryAfterMs: retryAfterMs(headers, Date.now()) };
}

/** The one word of an `application/problem+json` that is read; its sentences may quote anything. */
function problemCode(text: string): string | undefined {
  let code: unknown;
  try {
    ({ code } = Object(JSON.parse(text)) as { code?: unknown });
  } catch {
    return undefined;
  }
  return typeof code === 'string' && /^[\w.-]{1,64}$/.test(code) ? printable(code) : undefined;
}

export function statusRefusal(refusal: Refusal, { not_found: notFound }: SourceShape['status']): Error {
  const { status, said } = refusal;
  if (status === 404) return notThere(refusal, notFound);
  // An id that the API does not take is one that it does not know.
  if ([400, 414, 422].includes(status)) return new JobRefused('export_unknown', `${said}.`);
  return jobRefusal(refusal);
}

export function pageRefusal(
  refusal: Refusal,
  cursor: string | undefined,
  notFound: Exclude<SourceShape['files']['not_found'], 'empty'>,
): Error {
  const { status, code, said } = refusal;
  if (code === 'cursor_expired' || (status === 410 && cursor !== undefined && code !== 'export_expired')) {
    return new CursorExpired('cursor_expired', `${said}.`);
  }
  if (code === 'cursor_invalid' || (cursor !== undefined && [400, 422].includes(status))) {
    return new CursorExpired('cursor_invalid', `${said}.`);
  }
  if (status === 404) return notThere(refusal, notFound);
  if (status === 409 || status === 202) {
    return new ExportNotReady(`${said}: its files cannot be listed yet.`);
  }
  return jobRefusal(refusal);
}

export function linkRefusal(refusal: Refusal, notFound: 'gone' | 'again'): Error {
  const { status, said, retryAfterMs: after } = refusal;
  if (status === 404 && notFound === 'again') return new ApiUnavailable(`${said}: no link yet.`, after);
  if (status === 404 || status === 410) return new FileRefused('gone', `${said}.`);
  if ([202, 409, 425].includes(status)) return new ApiUnavailable(`${said}: no link yet.`, after);
  if (status >= 400) return new FileRefused('link_refused', `${said}, expected a download link.`);
  return unexpected(refusal);
}

function notThere(refusal: Refusal, means: 'export_unknown' | 'export_expired' | 'not_ready'): Error {
  // What an adapter says of a 404 is said because its words mean something else there.
  const known = means === 'export_unknown' ? byCode(refusal) : undefined;
  if (known !== undefined) return known;
  if (means === 'not_ready') return new ExportNotReady(`${refusal.said}: the export is not there yet.`);
  return new JobRefused(means, `${refusal.said}.`);
}

function jobRefusal(refusal: Refusal): Error {
  const { status, said, retryAfterMs: after } = refusal;
  const known = byCode(refusal);
  if (known !== undefined) return known;
  if (status === 401 || status === 403) {
    return new JobRefused('access_denied', `${said}: check the credentials and what they may read.`);
  }
  if (status === 410) return new JobRefused('export_expired', `${said}.`);
  if (status === 409 || status === 425) return new ApiUnavailable(`${said}.`, after);
  return unexpected(refusal);
}

/** Codes of the default contract say more than their status. */
function byCode({ code, said }: Refusal): Error | undefined {
  switch (code) {
    case 'export_unknown':
    case 'export_failed':
    case 'export_expired':
    case 'export_cancelled':
    case 'access_denied':
      return new JobRefused(code, `${said}.`);
    case 'not_ready':
      return new ExportNotReady(`${said}: the export is not ready yet.`);
    default:
      return undefined;
  }
}

/** Tried again: what is wrong there, or with the adapter, is put right without anybody changing the job. */
function unexpected({ said, status }: Refusal): ApiAnswerInvalid {
  const redirect =
    status >= 300 && status < 400
      ? ', a redirect to another origin, which is not followed, or one that leads nowhere'
      : '';
  return new ApiAnswerInvalid(`${said}${redirect}; expected 200.`);
}
