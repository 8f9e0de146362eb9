import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServedFile } from './catalogue.js';
import type { Fault } from './faults.js';

/** A slow body comes in so many pieces a second. */
const PACES_PER_SECOND = 20;

/** The file, or the range of it that was asked for. @param onBytes called as its bytes are sent */
export async function answerDownload(
  request: IncomingMessage,
  response: ServerResponse,
  file: ServedFile,
  fault: Fault,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const { size } = file.content;
  const etag = fault.etag ?? etagOf(file);
  const { range, 'if-range': ifRange, 'if-match': ifMatch } = request.headers;
  const headers: Record<string, string> = {
    'content-type': 'application/zip',
    ...(etag !== '' && { etag }),
    ...(file.ranges !== 'none' && { 'accept-ranges': 'bytes' }),
  };
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== etag)
    return void response.writeHead(412, headers).end();

  const ranged =
    file.ranges !== 'none' &&
    fault.ignoreRange !== true &&
    (ifRange === undefined || isStrongMatch(ifRange, etag));
  const asked = ranged ? readRange(range, size) : undefined;
  if (asked === 'outside')
    return void response.writeHead(416, { ...headers, 'content-range': `bytes */${size}` }).end();

  let [start, end] = asked ?? [0, size];
  if (asked !== undefined) {
    end = Math.max(start + 1, end - (fault.shortByBytes ?? 0));
    const shift = fault.shiftRangeBytes ?? 0;
    [start, end] = [Math.min(start + shift, size - 1), Math.min(end + shift, size)];
    headers['content-range'] = `bytes ${start}-${end - 1}/${size}`;
  }
  headers['content-length'] = String(end - start);
  Object.assign(headers, fault.headers);
  const stated = Object.entries(headers).filter(([, value]) => value !== '');
  response.writeHead(asked === undefined ? 200 : 206, Object.fromEntries(stated));
  if (request.method === 'HEAD') return void response.end();
  await sendBody(response, turned(file.content.read(start, end), start, fault.flipByteAt), fault, onBytes);
}

async function sendBody(
  response: ServerResponse,
  chunks: Iterable<Buffer>,
  fault: Fault,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const stopAt = Math.min(fault.cutAfterBytes ?? Infinity, fault.stallAfterBytes ?? Infinity);
  // Of a slow body, pieces that come often enough to look steady.
  const most =
    fault.bytesPerSecond === undefined ? Infinity : Math.ceil(fault.bytesPerSecond / PACES_PER_SECOND);
  let sent = 0;
  response.flushHeaders();
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      if (response.destroyed) return;
      const piece = chunk.subarray(at, at + Math.min(most, stopAt - sent));
      at += piece.length;
      sent += piece.length;
      onBytes(piece.length);
      if (!response.write(piece)) await drained(response);
      if (sent >= stopAt) {
        if (fault.stallAfterBytes === undefined) await ended(response);
        return;
      }
      if (fault.bytesPerSecond !== undefined) await delay((piece.length / fault.bytesPerSecond) * 1000);
    }
  }
  response.end();
}

/** Until there is room again, or nobody listens any more. */
async function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}

/** Cuts the connection, once what was written before has gone out. */
async function ended(response: ServerResponse): Promise<void> {
  await new Promise<void>((done) => response.write('', () => done()));
  response.destroy();
}

function* turned(chunks: Iterable<Buffer>, start: number, flipByteAt: number | undefined): Iterable<Buffer> {
  let at = start;
  for (const chunk of chunks) {
    const place = (flipByteAt ?? -1) - at;
    at += chunk.length;
    if (place < 0 || place >= chunk.length) {
      yield chunk;
      continue;
    }
    const copy = Buffer.from(chunk);
    copy[place]! ^= 0xff;
    yield copy;
  }
}

function etagOf({ content, etag }: ServedFile): string {
  if (etag === 'none') return '';
  return etag === 'weak' ? `W/${content.etag}` : content.etag;
}

// RFC 9110, 13.1.5: a weak tag never matches, and then the whole is sent.
function isStrongMatch(ifRange: string | string[], etag: string): boolean {
  return ifRange === etag && !etag.startsWith('W/');
}

/** The first byte and the one after the last. More than one range is treated as none, which servers may do. */
function readRange(header: string | undefined, size: number): [number, number] | 'outside' | undefined {
  const parts = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  const [, first = '', last = ''] = parts ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '')
    return Number(last) === 0 || size === 0 ? 'outside' : [Math.max(0, size - Number(last)), size];
  if (last !== '' && Number(last) < Number(first)) return undefined;
  if (Number(first) >= size) return 'outside';
  return [Number(first), last === '' ? size : Math.min(size, Number(last) + 1)];
}
