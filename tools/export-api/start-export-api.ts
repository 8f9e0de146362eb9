import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerCall } from './answer-call.js';
import type { Answering } from './answer-json.js';
import { Catalogue, type ServedExport } from './catalogue.js';
import { Faults, type FaultRule } from './faults.js';
import { Links } from './links.js';
import { RateLimit } from './rate-limit.js';
import { RequestLog } from './request-log.js';
import { SHAPES, type ShapeName } from './shapes/all-shapes.js';

export interface ExportApiOptions {
  /** Default: the contract's own. */
  shape?: ShapeName;
  /** Bearer token, or API key. Default `export-api-token`. */
  token?: string;
  /** For basic authentication and OAuth2 client credentials. Defaults `client` and `secret`. */
  clientId?: string;
  clientSecret?: string;
  /** Default 900, the shortest that real APIs give. */
  linkTtlSeconds?: number;
  /** What an expired link answers. Default 403, as S3 does. */
  expiredLinkStatus?: 403 | 410;
  /** Downloads must carry these too. */
  linkHeaders?: Record<string, string>;
  /** Downloads come from another origin, which refuses an `Authorization` header as S3 does. Default: the same origin. */
  otherDownloadOrigin?: boolean;
  /** Calls a second, downloads not counted; more are answered 429. Default: any. */
  callsPerSecond?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Default: any that is free. */
  port?: number;
  /** Milliseconds since the epoch. Default: the clock. */
  now?: () => number;
}

/** A stand-in of an Export API that runs in this process. */
export interface ExportApi {
  /** Origin of the API, without a slash at its end. */
  url: string;
  /** Origin of the links. */
  downloadUrl: string;
  token: string;
  catalogue: Catalogue;
  log: RequestLog;
  add: (spec: ServedExport) => void;
  /** @returns how often the rule has struck */
  fault: (rule: FaultRule) => () => number;
  clearFaults: () => void;
  /** Every link that was given out so far is over. */
  expireLinks: () => void;
  /** Ends open connections too. Any number of calls. */
  stop: () => Promise<void>;
}

/** Starts the server, on the loopback interface unless told otherwise. */
export async function startExportApi(options: ExportApiOptions = {}): Promise<ExportApi> {
  const now = options.now ?? Date.now;
  const token = options.token ?? 'export-api-token';
  const catalogue = new Catalogue(now);
  const faults = new Faults();
  const links = new Links(now);
  const log = new RequestLog();
  const rate = options.callsPerSecond === undefined ? undefined : new RateLimit(options.callsPerSecond, now);
  const origins = { api: '', downloads: '' };
  const answering: Answering = {
    ...{ shape: SHAPES[options.shape ?? 'v1'], catalogue, faults, links, log, rate, now, origins },
    credentials: {
      token,
      clientId: options.clientId ?? 'client',
      clientSecret: options.clientSecret ?? 'secret',
    },
    linkTtlSeconds: options.linkTtlSeconds ?? 900,
    expiredLinkStatus: options.expiredLinkStatus ?? 403,
    linkHeaders: options.linkHeaders,
  };
  const host = options.host ?? '127.0.0.1';
  const handle = (request: IncomingMessage, response: ServerResponse): void =>
    void answerCall(request, response, answering);
  const api = await listen(createServer(handle), host, options.port ?? 0);
  const downloads = options.otherDownloadOrigin === true ? await listen(createServer(handle), host, 0) : api;
  origins.api = originOf(api);
  origins.downloads = originOf(downloads);
  return {
    url: origins.api,
    downloadUrl: origins.downloads,
    ...{ token, catalogue, log },
    add: (spec) => catalogue.add(spec),
    fault: (rule) => faults.add(rule),
    clearFaults: () => faults.clear(),
    expireLinks: () => links.expireAll(),
    stop: async () => {
      await Promise.all([...new Set([api, downloads])].map(close));
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<Server> {
  // A pool of connections that idles between two calls must not meet a connection that is just being closed.
  server.keepAliveTimeout = 60_000;
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}

function originOf(server: Server): string {
  const { address, port } = server.address() as AddressInfo;
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
