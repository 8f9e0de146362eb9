import { InvalidArgumentError } from 'commander';

const SHARE = /^(\d+(?:\.\d+)?|\.\d+)\s*(%?)$/;

/** Reads a share, `2%` or `0.02`. A bare 2 may mean either 2 % or all, so it is refused. */
export function share(text: string): number {
  const [, digits, percent] = SHARE.exec(text.trim()) ?? [];
  const value = Number(digits) / (percent === '%' ? 100 : 1);
  // Of a whole recording or more in a hundred thousand nobody has labels.
  if (!(value >= 0.000_01 && value <= 0.5)) {
    throw new InvalidArgumentError('Expected a share such as 2% or 0.02, from 0.001% to 50%.');
  }
  return value;
}
