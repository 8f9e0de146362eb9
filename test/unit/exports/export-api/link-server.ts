import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createLinkOpener,
  type LinkOpener,
  type Spool,
} from '../../../../src/pipelines/exports/export-api/link/open-link.js';
import { createLinkPolicy } from '../../../../src/pipelines/exports/export-api/link/link-policy.js';
import type {
  DownloadLink,
  ExportSource,
} from '../../../../src/pipelines/exports/export-api/export-source.js';

export interface LinkServer {
  host: string;
  url: string;
  requests: { url: string; headers: IncomingMessage['headers'] }[];
  connections: () => number;
  /** Asked before a request is served; true says that it has been answered. */
  fault: (request: IncomingMessage, response: ServerResponse) => boolean;
  content: Buffer;
  etag: string;
  close(): Promise<void>;
}

/** A server of one file with ranges and a strong ETag, whose behaviour a test changes. */
export async function startLinkServer(content: Buffer): Promise<LinkServer> {
  let connections = 0;
  const server = createServer((request, response) => {
    linkServer.requests.push({ url: request.url!, headers: request.headers });
    if (!linkServer.fault(request, response)) serveRange(linkServer, request, response);
  });
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const linkServer: LinkServer = {
    host,
    url: `http://${host}/file.zip?signature=secret`,
    requests: [],
    connections: () => connections,
    fault: () => false,
    content,
    etag: '"v1"',
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return linkServer;
}

/** As a store does: `If-Range` of another version gets the whole. */
export function serveRange(
  { content, etag }: Pick<LinkServer, 'content' | 'etag'>,
  { headers }: IncomingMessage,
  response: ServerResponse,
  change: { cutAfter?: number; answered?: number } = {},
): void {
  const asked = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '');
  const sameVersion = headers['if-range'] === undefined || headers['if-range'] === etag;
  if (asked === null || !sameVersion) {
    response.writeHead(200, { etag, 'content-length': content.length });
    response.end(content);
    return;
  }
  const suffix = asked[1] === '';
  const start = suffix ? Math.max(0, content.length - Number(asked[2])) : Number(asked[1]);
  const last =
    suffix || asked[2] === '' ? content.length - 1 : Math.min(content.length - 1, Number(asked[2]));
  if (start >= content.length) {
    response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    return;
  }
  const end = Math.min(last + 1, start + (change.answered ?? Infinity));
  const part = content.subarray(start, end);
  response.writeHead(206, {
    etag,
    'content-range': `bytes ${start}-${end - 1}/${content.length}`,
    'content-length': part.length,
  });
  if (change.cutAfter === undefined) response.end(part);
  else response.write(part.subarray(0, change.cutAfter), () => response.destroy());
}

export const FILE = { ordinal: 0, file_id: 'f1', name: 'f.zip' };
export const JOB = { source: 'default', export_id: 'e1' };

/** Opens files whose links are what a test says. */
export function openerOf(
  servers: readonly LinkServer[],
  link: (asked: number) => DownloadLink | Promise<DownloadLink>,
  more: {
    stallMs?: number;
    maxRetries?: number;
    allowedHosts?: string[];
    spool?: Spool;
    privateHosts?: string[];
  } = {},
): LinkOpener & { asked: () => number; close: () => void } {
  let asked = 0;
  const source = { link: async () => link(++asked) } as unknown as ExportSource;
  const policy = createLinkPolicy({ privateHosts: more.privateHosts ?? servers.map(({ host }) => host) });
  const opener = createLinkOpener({
    sources: { of: () => source, downloadHosts: () => more.allowedHosts ?? [] },
    options: { policy, stallMs: more.stallMs ?? 10_000, maxRetries: more.maxRetries ?? 4, random: () => 0 },
    spool: more.spool,
  });
  return { ...opener, asked: () => asked, close: () => policy.close() };
}

/** Bytes that no two places of a file share. */
export const CONTENT = randomBytes(3_000_000);

/** A server of {@link CONTENT} for each test, and what is opened with it; all is closed after the test. */
export function useLinkServer() {
  const closers: (() => unknown)[] = [];
  const given = {
    server: undefined as unknown as LinkServer,
    closers,
    opener: ((...of) => {
      const made = openerOf(...of);
      closers.push(() => made.close());
      return made;
    }) as typeof openerOf,
    always: (): { url: string } => ({ url: given.server.url }),
    /** Does something to the requests of these numbers, from 1 for the one that opens. */
    onRequest: (numbers: readonly number[], fault: LinkServer['fault']): void => {
      given.server.fault = (request, response) =>
        numbers.includes(given.server.requests.length) && fault(request, response);
    },
  };
  beforeEach(async () => {
    given.server = await startLinkServer(CONTENT);
    closers.push(() => given.server.close());
  });
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  return given;
}

export async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
