import { InvalidArgumentError, Option } from 'commander';

/** Reads a whole number within bounds. Digits only: `1e3` and `0x10` are typing errors more often than meant. */
export function wholeNumber({ min, max }: { min: number; max: number }): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}

/** Collects an option that may be given several times. */
export function collected(text: string, before: string[] | undefined): string[] {
  return [...(before ?? []), text];
}

/** Joins example lines for the end of a help page. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}

export const jsonOption = (about: string): Option => new Option('--json', about);
