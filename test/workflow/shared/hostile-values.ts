import { RawValue } from '@temporalio/common';

const MEGABYTE = 1_000_000;
export const long = 'ढ़\u0301\u0323'.repeat(MEGABYTE / 8);

/** Arrays in arrays, deeper than `JSON.stringify` can walk them, so written by hand. */
export function nested(depth: number, around: (json: string) => string = (json) => json): RawValue {
  return RawValue.fromPayload({
    metadata: { encoding: Buffer.from('json/plain') },
    data: Buffer.from(around(`${'['.repeat(depth)}1${']'.repeat(depth)}`)),
  });
}

export const manyFields = Object.fromEntries(
  Array.from({ length: 50_000 }, (_, at) => [`field_${at}\u001B[2J`, at]),
);

/** Longer than any message has a reason to be. */
const MESSAGE_CHARACTERS = 4_000;

export function expectReadable(message: string): void {
  expect(message.length).toBeLessThan(MESSAGE_CHARACTERS);
  // eslint-disable-next-line no-control-regex -- these are what must not be left
  expect(message).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u202A-\u202E]/);
}
