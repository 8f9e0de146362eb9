import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { answerDownload } from './answer-download.js';
import { answerJson, type Answering } from './answer-json.js';
import type { Catalogue } from './catalogue.js';
import { faultOfHeader, type Fault } from './faults.js';
import { decodedId } from './links.js';
import { Problem } from './problem.js';
import type { Call } from './shapes/shape.js';

/** Answers one request, whatever it is, and writes it down. */
export async function answerCall(
  request: IncomingMessage,
  response: ServerResponse,
  answering: Answering,
): Promise<void> {
  const url = new URL(request.url ?? '/', answering.origins.api);
  const call = readCall(request, url, answering);
  const correlationId = headerOf(request, 'x-correlation-id');
  let bytes = 0;
  response.once('close', () => {
    answering.log.add({
      ...{ kind: call.kind, exportId: call.exportId, fileId: call.fileId },
      ...{
        status: response.headersSent ? response.statusCode : 0,
        bytes,
        correlationId,
        atMs: answering.now(),
      },
      range: request.headers.range,
      authorized: request.headers.authorization !== undefined,
    });
  });
  if (correlationId !== undefined) response.setHeader('x-correlation-id', correlationId);
  try {
    const fault = faultOf(request, call, answering);
    if (fault.delayMs !== undefined) await delay(fault.delayMs);
    await fault.heldUntil;
    if (fault.hang === true) return;
    if (fault.reset === true) return void request.socket.destroy();
    if (fault.redirectTo !== undefined)
      return void response.writeHead(302, { location: fault.redirectTo }).end();
    if (fault.status !== undefined) throw faultProblem(fault, fault.status, answering.now());
    if (call.kind === 'download') {
      const file = downloadedFile(request, url, call, answering);
      await answerDownload(request, response, file, fault, (sent) => {
        bytes += sent;
        answering.log.addBytes(call.exportId ?? '', call.fileId ?? '', sent);
      });
      return;
    }
    const text = JSON.stringify(await answerJson(request, response, call, fault, answering));
    send(response, 200, 'application/json', fault.body === undefined ? text : brokenBody(text, fault.body));
  } catch (error) {
    sendProblem(response, error);
  }
}

function readCall(request: IncomingMessage, url: URL, { shape }: Answering): Call {
  // Not the URL's own path, which takes an encoded dot for a step.
  const path = (request.url ?? '/').split('?')[0]!.split('/').slice(1);
  let segments: string[];
  try {
    segments = path.map(decodeURIComponent);
  } catch {
    return { kind: 'other' };
  }
  const [first, exportId, fileId] = segments;
  if (first === 'downloads' && exportId !== undefined && fileId !== undefined)
    return { kind: 'download', exportId: decodedId(exportId), fileId: decodedId(fileId) };
  return shape.read(request.method ?? 'GET', segments, url.searchParams) ?? { kind: 'other' };
}

function faultOf(request: IncomingMessage, call: Call, { faults, log }: Answering): Fault {
  const { kind, exportId, fileId } = call;
  const bytesServed = exportId !== undefined && fileId !== undefined ? log.served(exportId, fileId) : 0;
  return (
    faultOfHeader(headerOf(request, 'x-fault')) ??
    faults.strike({ kind, exportId, fileId, bytesServed }) ??
    {}
  );
}

function downloadedFile(
  request: IncomingMessage,
  url: URL,
  { exportId = '', fileId = '' }: Call,
  { links, catalogue, origins, expiredLinkStatus, linkHeaders }: Answering,
): ReturnType<Catalogue['file']> {
  links.check(url, exportId, fileId, expiredLinkStatus);
  if (origins.downloads !== origins.api && request.headers.authorization !== undefined)
    throw new Problem(400, 'only_one_auth_mechanism', 'A link is authorization enough.');
  for (const [name, value] of Object.entries(linkHeaders ?? {}))
    if (headerOf(request, name.toLowerCase()) !== value)
      throw new Problem(403, 'header_missing', `The link wants the header ${name}.`);
  return catalogue.file(exportId, fileId);
}

function faultProblem(fault: Fault, status: number, now: number): Problem {
  const { retryAfterSeconds: seconds } = fault;
  const headers = { ...fault.headers };
  if (seconds !== undefined)
    headers['retry-after'] =
      fault.retryAfterAsDate === true ? new Date(now + seconds * 1000).toUTCString() : String(seconds);
  return new Problem(status, fault.code ?? USUAL_CODES[status] ?? 'fault', 'Told to fail.', headers);
}

const USUAL_CODES: Record<number, string> = {
  400: 'cursor_invalid',
  401: 'unauthorized',
  403: 'access_denied',
  404: 'export_unknown',
  409: 'not_ready',
  410: 'cursor_expired',
  429: 'rate_limited',
  500: 'internal',
  503: 'unavailable',
};

function brokenBody(text: string, kind: NonNullable<Fault['body']>): string {
  switch (kind) {
    case 'cut':
      return text.slice(0, Math.floor(text.length / 2));
    case 'other_shape':
      return JSON.stringify({ result: [JSON.parse(text)] });
    case 'html':
      return '<!doctype html><title>Maintenance</title><p>We are back soon.';
    case 'text':
      return 'upstream connect error';
  }
}

function sendProblem(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  const problem =
    error instanceof Problem
      ? error
      : new Problem(500, 'stand_in_failed', error instanceof Error ? error.message : String(error));
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
  const { status, code, message: detail } = problem;
  send(
    response,
    status,
    'application/problem+json',
    JSON.stringify({ code, title: code.replaceAll('_', ' '), status, detail }),
  );
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) }).end(text);
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
