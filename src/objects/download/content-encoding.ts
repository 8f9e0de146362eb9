import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { ObjectTooLarge, ContentTruncated, ContentUndecodable } from '../errors.js';
import { printable } from '../../platform/text/printable.js';

type Coding = 'gzip' | 'deflate' | 'br';

const CODINGS: Readonly<Record<string, Coding>> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
  br: 'br',
};
/** They change no byte; `aws-chunked` is how an upload was framed, which some stores keep among the object's headers. */
const PLAIN: readonly string[] = ['', 'identity', 'aws-chunked'];
/** An upload tool compresses once, a careless one twice; each is a pass over the file. */
const MAX_CODINGS = 3;
const SHOWN_CHARACTERS = 80;

/**
 * The codings that a `Content-Encoding` names, in the order in which they were applied.
 *
 * @throws ContentUndecodable for one that is not known here; the message names it
 */
export function parseContentEncoding(header: string | undefined): Coding[] {
  const names = (header ?? '').split(',').map((name) => name.trim().toLowerCase());
  const codings = names.filter((name) => !PLAIN.includes(name));
  if (codings.length <= MAX_CODINGS && codings.every((name) => Object.hasOwn(CODINGS, name))) {
    return codings.map((name) => CODINGS[name]!);
  }
  throw new ContentUndecodable(
    `Content is stored with Content-Encoding ${printable(header ?? '', SHOWN_CHARACTERS)}; expected gzip, deflate, br or none`,
  );
}

/**
 * Undoes the codings of a file, in place. The limit holds for what comes out, so that a bomb is stopped while it unfolds.
 *
 * @throws ObjectTooLarge, ContentTruncated, ContentUndecodable
 */
export async function decodeFile(
  path: string,
  codings: readonly Coding[],
  { maxBytes, signal }: { maxBytes: number; signal?: AbortSignal | undefined },
): Promise<void> {
  for (const coding of codings.toReversed()) {
    const decoder = decoderFor(coding, await firstBytes(path));
    if (decoder === undefined) continue;
    const decoded = `${path}.decoded`;
    try {
      await pipeline(
        createReadStream(path),
        decoder,
        atMost(maxBytes, coding),
        createWriteStream(decoded, { flags: 'wx', mode: 0o600 }),
        { signal },
      );
      await rename(decoded, path);
    } catch (error) {
      await rm(decoded, { force: true });
      signal?.throwIfAborted();
      throw toObjectError(error, coding);
    }
  }
}

/** Undefined for a file that only says that it is compressed, as after an upload with a wrong header: it is taken as it is. */
function decoderFor(coding: Coding, [first = 0, second = 0]: Buffer): Transform | undefined {
  switch (coding) {
    case 'gzip':
      return first === 0x1f && second === 0x8b ? createGunzip() : undefined;
    case 'deflate':
      // With zlib's header, as the standard has it, or without, as some servers do.
      return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0 ? createInflate() : createInflateRaw();
    case 'br':
      return createBrotliDecompress();
  }
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function atMost(maxBytes: number, coding: Coding): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes <= maxBytes) done(null, chunk);
      else
        done(
          new ObjectTooLarge(
            `Content has at least ${bytes} bytes out of its ${coding}, the limit is ${maxBytes}`,
          ),
        );
    },
  });
}

function toObjectError(error: unknown, coding: Coding): unknown {
  const { code = '' } = error as { code?: string };
  if (code === 'Z_BUF_ERROR') {
    return new ContentTruncated(`Content ends early: its ${coding} data is not whole`, { cause: error });
  }
  if (!/^(Z_|ERR_[A-Z_]*BROTLI|ERR__ERROR_)/.test(code)) return error;
  return new ContentUndecodable(
    `Content is stored with Content-Encoding ${coding}, but is no ${coding} data`,
    {
      cause: error,
    },
  );
}
