import { z } from 'zod';
import { optionalUnless, type Described, type Setting, type ValueOf } from './setting.js';

const UNITS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/**
 * A time as people write it: `20s`, `5m`, `11h`, `2d`.
 *
 * @returns a setting whose value is in seconds
 */
export function duration<const D extends Described>(
  bounds: { min: string; max: string },
  described: D,
): Setting<ValueOf<number, D>> {
  const [min, max] = [secondsOf(bounds.min), secondsOf(bounds.max)];
  const schema = z
    .string()
    .refine((value) => secondsOf(value) !== undefined)
    .transform((value) => secondsOf(value)!)
    .pipe(z.number().min(min!).max(max!));
  return optionalUnless(
    schema,
    `a time from ${bounds.min} to ${bounds.max}, such as 20s, 5m or 11h`,
    described,
  );
}

/**
 * Several times, comma-separated.
 *
 * @returns a setting whose value is in seconds
 */
export function durations<const D extends Described>(
  bounds: { min: string; max: string; most: number },
  described: D,
): Setting<ValueOf<number[], D>> {
  const [min, max] = [secondsOf(bounds.min), secondsOf(bounds.max)];
  const schema = z
    .string()
    .transform((value) => (value === '' ? [] : value.split(',').map((item) => secondsOf(item.trim()))))
    .pipe(z.array(z.number().min(min!).max(max!)).max(bounds.most));
  return optionalUnless(
    schema,
    `at most ${bounds.most} comma-separated times from ${bounds.min} to ${bounds.max}, such as 5s,5m,2h`,
    described,
  );
}

function secondsOf(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * UNITS[unit as keyof typeof UNITS];
}
