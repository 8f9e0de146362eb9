import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, type InputType, type ZlibOptions } from 'node:zlib';
import { preview } from '../../../../platform/text/printable.js';
import { ApiAnswerInvalid } from '../../errors.js';

/** A page of 1,000 files whose links have 4 KB each, twice over. */
export const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

export const tooLarge = (): ApiAnswerInvalid =>
  new ApiAnswerInvalid(`an answer of more than ${MAX_ANSWER_BYTES} bytes`);

type Decompress = (bytes: InputType, options: ZlibOptions) => Promise<Buffer>;

const DECODERS = new Map<string, Decompress>([
  ['gzip', promisify<InputType, ZlibOptions, Buffer>(gunzip)],
  ['x-gzip', promisify<InputType, ZlibOptions, Buffer>(gunzip)],
  ['deflate', promisify<InputType, ZlibOptions, Buffer>(inflate)],
  ['br', promisify<InputType, ZlibOptions, Buffer>(brotliDecompress)],
]);

/**
 * The text of an answer: what some servers and the proxies before them encode although they are asked not to is decoded,
 * and the byte order mark that others begin with is left out.
 *
 * @param encoding `Content-Encoding`
 * @throws ApiAnswerInvalid
 */
export async function answerText(bytes: Buffer, encoding = ''): Promise<string> {
  const name = encoding.trim().toLowerCase();
  if (bytes.length === 0 || name === '' || name === 'identity') return textOf(bytes);
  const decompress = DECODERS.get(name);
  if (decompress === undefined) {
    throw new ApiAnswerInvalid(
      `an answer with Content-Encoding ${preview(encoding, 60)}, expected none of it, gzip, deflate or br`,
    );
  }
  return textOf(await decoded(bytes, name, decompress));
}

async function decoded(bytes: Buffer, name: string, decompress: Decompress): Promise<Buffer> {
  try {
    return await decompress(bytes, { maxOutputLength: MAX_ANSWER_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new ApiAnswerInvalid(`an answer that calls itself ${name} and is none`, undefined, {
      cause: error,
    });
  }
}

const textOf = (bytes: Buffer): string => bytes.toString('utf8').replace(/^\uFEFF/, '');
