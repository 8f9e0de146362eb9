import type { Answer } from './http-proxy.js';

/** S3 asks for patience. */
export const slowDown = (): Answer => refusal(503, 'SlowDown', 'Please reduce your request rate.');

/** An answer of S3 with an error in its body; Complete says so with status 200, too. */
export function refusal(status: number, code: string, message: string): Answer {
  const text = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body: Buffer.from(text) };
}
