import type { IncomingHttpHeaders } from 'node:http';
import { ChecksumRefused } from '../write-errors.js';

/** A CRC-32 as S3 writes it: its four bytes in base64. */
export function encodeCrc32(crc32: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32 >>> 0);
  return bytes.toString('base64');
}

/** @returns undefined where there is none, or one of parts (`…-3`) */
export function decodeCrc32(text: string | undefined): number | undefined {
  if (text === undefined || !/^[A-Za-z0-9+/]{6}==$/.test(text)) return undefined;
  return Buffer.from(text, 'base64').readUInt32BE();
}

/** @returns undefined where the store states none of the whole object */
export function fullCrc32(headers: IncomingHttpHeaders): number | undefined {
  if (headers['x-amz-checksum-type'] === 'COMPOSITE') return undefined;
  const value = headers['x-amz-checksum-crc32'];
  return typeof value === 'string' ? decodeCrc32(value) : undefined;
}

/** @throws ChecksumRefused when the store says that it has something else than was sent */
export function checkEcho(stored: number | undefined, sent: number, what: string): void {
  if (stored !== undefined && stored !== sent >>> 0) {
    throw new ChecksumRefused(`The store has another CRC-32 of ${what} than was sent`);
  }
}
