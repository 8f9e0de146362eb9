import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EXPORT_API_SETTINGS } from '../../../../src/pipelines/exports/settings/api-settings.js';
import {
  createExportSources,
  type ExportSources,
  type SourcesOptions,
} from '../../../../src/pipelines/exports/export-api/sources.js';
import { loadSettings } from '../../../../src/platform/config/load-settings.js';

/** What a server is told to answer; a function for what no body can say, such as silence. */
export type Scripted =
  | { status?: number; headers?: Record<string, string>; json?: unknown; text?: string }
  | ((request: IncomingMessage, response: ServerResponse) => void);

export interface ApiServer {
  origin: string;
  host: string;
  /** Every request so far. */
  requests: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
  /** What comes next, in order; the last one stays. */
  answers: Scripted[];
  close(): Promise<void>;
}

/** An Export API that says what it is told to. */
export async function startApi(...answers: Scripted[]): Promise<ApiServer> {
  const requests: ApiServer['requests'] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      requests.push({ method: request.method!, url: request.url!, headers: request.headers, body });
      const next = api.answers.length > 1 ? api.answers.shift()! : api.answers[0]!;
      if (typeof next === 'function') {
        next(request, response);
        return;
      }
      response.writeHead(next.status ?? 200, { 'content-type': 'application/json', ...next.headers });
      response.end(next.text ?? JSON.stringify(next.json ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api: ApiServer = {
    origin: `http://${host}`,
    host,
    requests,
    answers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return api;
}

/** The default source at a server, without retries unless a test asks for some. */
export function sourcesAt(
  api: ApiServer,
  environment: Record<string, string> = {},
  options: SourcesOptions = {},
): ExportSources {
  return createExportSources(
    loadSettings(
      {
        EXPORT_API_URL: api.origin,
        EXPORT_API_TOKEN: 'token-of-the-test',
        EXPORT_API_MAX_RETRIES: '0',
        EXPORT_API_RATE: '1000',
        EXPORT_PRIVATE_HOSTS: api.host,
        ...environment,
      },
      EXPORT_API_SETTINGS,
    ),
    options,
  );
}
