import { FileRefused } from '../../errors.js';
import type { DownloadLink } from '../export-source.js';
import { HEADERS, LINK_TEXT, optional, required, TIME, wrong, type Answer } from './answer-fields.js';
import { withoutAbsent } from './absent.js';

/** Headers that say how a request is made, which is not for an answer to decide. */
const NOT_FOR_LINKS =
  /^(?:host|connection|content-length|transfer-encoding|te|trailer|upgrade|expect|range|if-.*|accept-encoding|proxy-.*)$/i;

interface LinkFields {
  url: string;
  expires_at?: string | undefined;
  headers?: string | undefined;
}

/**
 * @param asked the address of the call, which a link without a host is on
 * @throws ApiAnswerInvalid when there is none, FileRefused `link_refused` when it leads nowhere that can be downloaded from; it is never
 * shown
 */
export function linkOf(answer: Answer, shape: LinkFields, asked: URL): DownloadLink {
  const headers = optional(answer, shape.headers, HEADERS);
  return withoutAbsent({
    url: addressOf(answer, shape.url, asked),
    expiresAt: optional(answer, shape.expires_at, TIME),
    headers:
      headers === undefined
        ? undefined
        : Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_FOR_LINKS.test(name))),
  });
}

function addressOf(answer: Answer, pointer: string, asked: URL): string {
  const text = required(answer, pointer, LINK_TEXT);
  // The default contract has whole addresses; some APIs say only where on themselves the bytes are.
  const base = answer.lenient && text.startsWith('/') ? asked.href : undefined;
  const url = URL.canParse(text, base) ? new URL(text, base) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url.href;
  const { message } = wrong(answer, pointer, `a text of ${text.length} characters`, LINK_TEXT.expects);
  throw new FileRefused('link_refused', message);
}
