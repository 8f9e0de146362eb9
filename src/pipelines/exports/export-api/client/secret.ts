import { readBoundedFile } from '../../../../platform/bounded-file.js';
import { ConfigurationError } from '../../../../platform/errors.js';
import { preview } from '../../../../platform/text/printable.js';

/** Gives a credential whenever it is needed, so that one in a file may be exchanged while the process runs. */
export type Secret = () => string;

const MAX_SECRET_BYTES = 64 * 1024;
/** How long a file's content is believed: a call every few milliseconds need not read it each time. */
const FILE_TRUSTED_MS = 10_000;

export const fixedSecret =
  (value: string): Secret =>
  () =>
    value;

/**
 * @param where names the setting or the adapter's field, for messages
 * @throws ConfigurationError when the file cannot be read, or holds nothing. Later the last value stays: a mounted secret that is being
 * exchanged is not there for a moment
 */
export function secretInFile(path: string, where: string): Secret {
  let value = readSecret(path, where);
  let readAt = performance.now();
  return () => {
    if (performance.now() - readAt <= FILE_TRUSTED_MS) return value;
    readAt = performance.now();
    try {
      value = readSecret(path, where);
    } catch {
      // See above.
    }
    return value;
  };
}

function readSecret(path: string, where: string): string {
  const refuse = (why: string): ConfigurationError =>
    new ConfigurationError(`${where} names the file ${preview(path)}, which cannot be read: ${why}.`);
  let read: ReturnType<typeof readBoundedFile>;
  try {
    read = readBoundedFile(path, MAX_SECRET_BYTES);
  } catch (error) {
    throw refuse(String((error as NodeJS.ErrnoException).code));
  }
  if (!Buffer.isBuffer(read)) throw refuse(read.refused);
  const text = read.toString('utf8').replace(/\r?\n$/, '');
  if (text === '' || /[\p{Cc}]/u.test(text)) throw refuse('it holds nothing, or more than one line');
  return text;
}
