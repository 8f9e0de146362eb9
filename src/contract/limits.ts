import { preview, printable } from '../platform/text/printable.js';
import { describeExcess } from './text-limits.js';

/** What one limit of a run may be: a whole number within inclusive bounds. */
export interface LimitBounds {
  min: number;
  max: number;
  /** Whether a run may be without it: null then lifts it. */
  liftedByNull?: true;
}

/** Messages a batch, of any pipeline. */
export const BATCH_SIZE_BOUNDS: LimitBounds = { min: 1, max: 1000 };

/**
 * Checks a `set_limits` argument without zod, since it runs inside the workflow.
 *
 * @param bounds the limits that a run of this kind has
 * @returns what is wrong, in one line; undefined when the changes may be applied
 */
export function describeLimitMismatch(
  bounds: Readonly<Record<string, LimitBounds>>,
  changes: unknown,
): string | undefined {
  const known = Object.keys(bounds).join(', ');
  if (typeof changes !== 'object' || changes === null || Array.isArray(changes)) {
    return `set_limits takes an object with any of ${known}`;
  }
  const excess = describeExcess(changes);
  if (excess !== undefined) return `set_limits: the argument ${excess}`;
  const entries = Object.entries(changes);
  if (entries.length > Object.keys(bounds).length) {
    return `set_limits was given ${entries.length} limits; there are ${known}`;
  }
  if (entries.length === 0) return 'set_limits was given nothing to change';
  const problems = entries.flatMap(([name, value]) => {
    const limit = Object.hasOwn(bounds, name) ? bounds[name] : undefined;
    if (limit === undefined) return [`unknown limit ${printable(name)}; expected any of ${known}`];
    return fits(limit, value)
      ? []
      : [`${name} is ${preview(value)}; expected a whole number from ${limit.min} to ${limit.max}`];
  });
  return problems.length > 0 ? problems.join('; ') : undefined;
}

function fits({ min, max, liftedByNull }: LimitBounds, value: unknown): boolean {
  if (value === null) return liftedByNull === true;
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}
