import type { IncomingMessage } from 'node:http';

/** Thrown when a request's body is longer than is taken. */
export class BodyTooLarge extends Error {}

/**
 * The body of a request, whole; how long it may take is the server's own bound.
 *
 * @throws BodyTooLarge before more than `mostBytes` are held
 */
export async function readBody(request: IncomingMessage, mostBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) throw new BodyTooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}
