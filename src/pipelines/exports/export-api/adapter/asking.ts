import { InvalidInput } from '../../../../platform/errors.js';
import { ApiAnswerInvalid, FileRefused, JobRefused } from '../../errors.js';
import type { ApiClient, ApiOperation } from '../client/api-client.js';
import type { CallKind } from '../client/call-gate.js';
import type { HttpAnswer } from '../client/http-call.js';
import type { DownloadLink } from '../export-source.js';
import type { Answer } from './answer-fields.js';
import { readRefusal, type Refusal } from './refusals.js';
import { requestUrl } from './request-url.js';
import type { SourceShape } from './source-shape.js';

export interface ApiSourceParts {
  /** The API's, for messages. */
  name: string;
  base: URL;
  shape: SourceShape;
  client: ApiClient;
  /** Sent with every call. */
  correlationId: string | undefined;
  /** Whose share of the rate calls are; each call's own without it. */
  share?: CallKind;
  /** Links that pages have given with their files, where the listing has them; the process's. */
  listed: ListedLinks;
}

/** Links of listings; each is given out once, since a link is asked for again only when it was no use. */
export interface ListedLinks {
  keep(exportId: string, fileId: string, link: DownloadLink): void;
  take(exportId: string, fileId: string): DownloadLink | undefined;
}

const ASKED: Readonly<Record<ApiOperation, string>> = {
  status: "asked for an export's state",
  page: 'asked for a page of files',
  link: 'asked for a download link',
  acknowledge: 'told the result',
};

/** The beginning of a message about an answer. */
const askedFor = ({ name }: ApiSourceParts, operation: ApiOperation): string =>
  `${name}, ${ASKED[operation]},`;

export function ask(
  { client, correlationId, share }: ApiSourceParts,
  operation: ApiOperation,
  url: URL,
  signal: AbortSignal | undefined,
  more: { body?: unknown; wantsRedirect?: boolean } = {},
): Promise<HttpAnswer> {
  const method = more.body === undefined ? 'GET' : 'POST';
  return client.call({ operation, method, url, correlationId, ...(share && { share }), ...more }, signal);
}

/** @throws JobRefused, FileRefused for an id that no path can hold */
export function urlOf(
  { name, base }: ApiSourceParts,
  operation: ApiOperation,
  path: string,
  ids: Readonly<Record<string, string>>,
  query?: Readonly<Record<string, string>>,
): URL {
  try {
    return requestUrl(base, path, ids, query);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const said = `${name}: ${error.message}`;
    throw operation === 'link'
      ? new FileRefused('link_refused', said)
      : new JobRefused('export_unknown', said);
  }
}

export const isSuccess = ({ status }: HttpAnswer): boolean => status >= 200 && status < 300;

export const refusalOf = (parts: ApiSourceParts, operation: ApiOperation, answer: HttpAnswer): Refusal =>
  readRefusal(askedFor(parts, operation), answer);

/** @throws ApiAnswerInvalid when it is no JSON */
export function answerOf(parts: ApiSourceParts, operation: ApiOperation, { text }: HttpAnswer): Answer {
  const where = `${askedFor(parts, operation)} answers wrongly`;
  try {
    return { where, root: JSON.parse(text), lenient: parts.shape.values === 'lenient' };
  } catch {
    throw new ApiAnswerInvalid(`${where}: ${text.length} characters that are no JSON.`);
  }
}
