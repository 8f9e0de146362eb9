import { EntryRefused } from '../errors.js';

/** zlib's own errors in ours; undefined of any other. */
export function refusal(error: unknown): EntryRefused | undefined {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === undefined || !/^Z_(?:DATA|BUF|NEED_DICT)/.test(code)) return undefined;
  return new EntryRefused(
    'corrupt',
    `It cannot be inflated: ${(error as Error).message}.`,
    {},
    { cause: error },
  );
}

export function wrongSize(stated: number, found: number): EntryRefused {
  return new EntryRefused(
    'size',
    found > stated ? 'It inflates to more than is stated.' : 'It inflates to less than is stated.',
    { stated, found },
  );
}

export function allTaken(given: number, taken: number): void {
  if (given === taken) return;
  throw new EntryRefused('trailing_data', `${given - taken} bytes follow the end of its deflate stream.`);
}
