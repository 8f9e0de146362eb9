import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Catalogue } from './catalogue.js';
import type { Fault, Faults } from './faults.js';
import type { Links } from './links.js';
import { Problem } from './problem.js';
import type { RateLimit } from './rate-limit.js';
import type { RequestLog } from './request-log.js';
import type { Answer, Call, Credentials, Link, Shape } from './shapes/shape.js';

const MOST_FILES_A_PAGE = 1000;
const MOST_BODY_BYTES = 64 * 1024;

export interface Answering {
  shape: Shape;
  catalogue: Catalogue;
  faults: Faults;
  links: Links;
  log: RequestLog;
  rate: RateLimit | undefined;
  now: () => number;
  origins: { api: string; downloads: string };
  credentials: Credentials;
  linkTtlSeconds: number;
  expiredLinkStatus: 403 | 410;
  linkHeaders: Record<string, string> | undefined;
}

/** What the API says to a call, as JSON. @throws Problem */
export async function answerJson(
  request: IncomingMessage,
  response: ServerResponse,
  call: Call,
  fault: Fault,
  answering: Answering,
): Promise<unknown> {
  const { shape, catalogue, credentials } = answering;
  if (call.kind === 'token') return answerToken(await bodyOf(request), request, credentials);
  if (!shape.authorized(request.headers, credentials))
    throw new Problem(401, 'unauthorized', 'The credentials are not right.');
  limitRate(response, answering);
  const { exportId = '', fileId = '' } = call;
  const answer = await ((): Answer | Promise<Answer> => {
    switch (call.kind) {
      case 'status':
        return shape.status(catalogue.look(exportId));
      case 'files':
        return answerPage(call, fault, answering);
      case 'file':
        return shape.file(catalogue.file(exportId, fileId), linkOf(exportId, fileId, answering));
      case 'acknowledgement':
        return acknowledge(exportId, request, catalogue);
      default:
        throw new Problem(404, 'not_found', 'There is nothing of this name.');
    }
  })();
  for (const [name, value] of Object.entries({ ...answer.headers, ...fault.headers }))
    response.setHeader(name, value);
  return answer.json;
}

function answerPage(call: Call, fault: Fault, answering: Answering): Answer {
  const { shape, catalogue, origins } = answering;
  const { exportId = '', from, limit = MOST_FILES_A_PAGE } = call;
  if (!(limit >= 1 && limit <= MOST_FILES_A_PAGE))
    throw new Problem(400, 'limit_invalid', `limit is 1 to ${MOST_FILES_A_PAGE}.`);
  if (typeof from === 'number' && !(from >= 0))
    throw new Problem(400, 'offset_invalid', 'offset is no number.');
  const page = catalogue.page(exportId, fault.emptyPage === true ? 0 : limit, from);
  if (fault.repeatCursor === true) page.next = page.cursor;
  const withLinks = catalogue.linksInListing(exportId);
  return shape.page(
    page,
    call,
    (file) => (withLinks ? linkOf(exportId, file.id, answering) : undefined),
    origins.api,
  );
}

function linkOf(exportId: string, fileId: string, answering: Answering): Link {
  const { links, origins, linkTtlSeconds, linkHeaders } = answering;
  const link = links.issue(origins.downloads, exportId, fileId, linkTtlSeconds);
  return { ...link, ...(linkHeaders && { headers: linkHeaders }) };
}

async function acknowledge(
  exportId: string,
  request: IncomingMessage,
  catalogue: Catalogue,
): Promise<Answer> {
  catalogue.acknowledge(exportId, await bodyOf(request));
  return { json: { id: exportId } };
}

function answerToken(
  body: string,
  request: IncomingMessage,
  { clientId, clientSecret, token }: Credentials,
): object {
  const form = new URLSearchParams(body);
  const [, basic = ''] = /^Basic (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const [id, secret] = Buffer.from(basic, 'base64').toString().split(':');
  const right =
    (form.get('client_id') ?? id) === clientId && (form.get('client_secret') ?? secret) === clientSecret;
  if (form.get('grant_type') !== 'client_credentials')
    throw new Problem(400, 'unsupported_grant_type', 'It takes client_credentials.');
  if (!right) throw new Problem(401, 'invalid_client', 'The client is not known.');
  return { access_token: token, token_type: 'Bearer', expires_in: 3600 };
}

function limitRate(response: ServerResponse, { rate }: Answering): void {
  if (rate === undefined) return;
  const { allowed, remaining, resetSeconds } = rate.take();
  response.setHeader('x-ratelimit-remaining', String(remaining));
  response.setHeader('x-ratelimit-reset', String(resetSeconds));
  if (!allowed)
    throw new Problem(429, 'rate_limited', 'Too many calls.', { 'retry-after': String(resetSeconds) });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > MOST_BODY_BYTES) throw new Problem(413, 'too_large', 'The body is too large.');
  }
  return text;
}
