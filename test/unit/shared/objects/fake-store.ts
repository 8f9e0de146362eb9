import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { createDownloader, type DownloadedObject } from '../../../../src/objects/download.js';
import type { DownloadOptions } from '../../../../src/objects/download/download-options.js';
import { createDownloadClient } from '../../../../src/objects/download/download-client.js';

export const options: DownloadOptions = {
  maxBytes: 1_000_000,
  maxConcurrency: 16,
  connectTimeoutMs: 5_000,
  silenceTimeoutMs: 5_000,
  attemptTimeoutMs: 10_000,
  maxRetries: 3,
  backoffBaseMs: 1,
};

/** A server that answers as S3 does, and downloads from it both ways: with the S3 client, and by presigned address. */
export interface FakeStore {
  origin: string;
  s3: S3Client;
  /** Paths that were asked for, in order. */
  asked: string[];
  folder: string;
  fromS3(key: string, path?: string): Promise<DownloadedObject>;
  fromAddress(key: string, path?: string): Promise<DownloadedObject>;
  close(): void;
}

export async function startFakeStore(
  listener: RequestListener,
  changes: Partial<DownloadOptions> = {},
): Promise<FakeStore> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '/', 'http://store').pathname);
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const s3 = createDownloadClient(options, {
    region: 'ap-south-1',
    endpoint: origin,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const folder = mkdtempSync(join(tmpdir(), 'fake-store-'));
  const downloader = createDownloader({ s3, options: { ...options, ...changes }, random: () => 0 });
  let files = 0;
  const newPath = (): string => join(folder, `object-${files++}`);
  return {
    origin,
    s3,
    asked,
    folder,
    fromS3: (key, path = newPath()) => downloader.download({ kind: 's3', bucket: 'readings', key }, path),
    fromAddress: (key, path = newPath()) => {
      const url = new URL(`${origin}/readings/${key}?X-Amz-Signature=secret-signature`);
      return downloader.download({ kind: 'url', url, trusted: true }, path);
    },
    close() {
      s3.destroy();
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Answers with an error document of S3's kind. */
export function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  { message = 'Refused.', more = '', headers = {} } = {},
): void {
  response.writeHead(status, { 'content-type': 'application/xml', ...headers });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message>${more}<RequestId>X</RequestId></Error>`,
  );
}
