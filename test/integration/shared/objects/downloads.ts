import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Downloader, DownloaderDependencies } from '../../../../src/objects/download.js';
import { createDownloader } from '../../../../src/objects/download.js';
import type { DownloadOptions } from '../../../../src/objects/download/download-options.js';
import { createDownloadClient } from '../../../../src/objects/download/download-client.js';
import type { ObjectLocation } from '../../../../src/objects/location.js';
import { awsClientOptions } from '../../../../tools/stack/aws.js';
import { embeddedStack, freshFolder } from '../../embedded-stack.js';

export const options: DownloadOptions = {
  maxBytes: 1_000_000,
  maxConcurrency: 2,
  connectTimeoutMs: 2_000,
  silenceTimeoutMs: 300,
  attemptTimeoutMs: 5_000,
  maxRetries: 2,
  backoffBaseMs: 1,
};
export const content = randomBytes(300_000);
export const etag = '"version-1"';

let scratch: string;
/** Of the embedded stack. */
export let s3: S3Client;
const servers: Server[] = [];

export function openDownloads(): void {
  scratch = freshFolder();
  s3 = createDownloadClient(options, awsClientOptions(embeddedStack().endpoints.aws));
}

export function closeServers(): void {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
}

export const closeDownloads = (): void => s3.destroy();

export function downloader(
  changes: Partial<DownloadOptions> = {},
  more: Partial<DownloaderDependencies> = {},
): Downloader {
  return createDownloader({ s3, options: { ...options, ...changes }, random: () => 0, ...more });
}

let files = 0;
export function newPath(): string {
  return join(scratch, `object-${files++}`);
}

export function listen(server: Server): Promise<number> {
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** A server of the embedded stack's kind: plain http on loopback, trusted by setting. */
export async function trustedServer(listener: RequestListener): Promise<ObjectLocation> {
  const port = await listen(createServer(listener));
  return {
    kind: 'url',
    url: new URL(`http://127.0.0.1:${port}/a.wav?X-Amz-Signature=secret`),
    trusted: true,
  };
}

/** Answers a GET, or the part of it that a resumed attempt asks for. */
export function sendObject(request: IncomingMessage, response: ServerResponse): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const part = content.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, {
    etag,
    'content-length': part.length,
    ...(from > 0 && { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }),
  });
  response.end(part);
}

/** Sends the head and the first bytes of the object, then leaves the rest to the caller. */
export function sendStart(response: ServerResponse, bytes: number, then: () => void): void {
  response.writeHead(200, { etag, 'content-length': content.length });
  response.write(content.subarray(0, bytes), then);
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function expectWhole(path: string): void {
  expect(sha256(readFileSync(path))).toBe(sha256(content));
}
