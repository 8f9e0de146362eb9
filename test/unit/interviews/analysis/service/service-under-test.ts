import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createConnectionPolicy } from '../../../../../src/objects/connection-policy.js';
import type { AnalysisService } from '../../../../../src/pipelines/interviews/analysis/service/ask-service.js';

export interface Asked {
  headers: IncomingMessage['headers'];
  body: Buffer;
}

/** A service on a loopback port; each request is kept, and answered by the next of `answers`, the last of them again and again. */
export async function startService(...answers: ((response: ServerResponse) => void)[]) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push({ headers: request.headers, body: Buffer.concat(chunks) });
      answers[Math.min(asked.length, answers.length) - 1]!(response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const service: AnalysisService = {
    name: 'the service',
    url: new URL(`http://${host}/ask?key=secret`),
    token: 't'.repeat(32),
    policy: createConnectionPolicy({ what: 'the service', privateHosts: [host] }),
    timeoutMs: 10_000,
    pause: { baseMs: 0, maxMs: 0 },
  };
  return {
    asked,
    service,
    close: async () => {
      service.policy.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export const json =
  (value: unknown, status = 200) =>
  (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };
