import { preview, printable } from '../platform/text/printable.js';
import { describeExcess } from './text-limits.js';
import type { RunLimits } from './workflow-results.js';

/** What `set_limits` takes: any of the limits; null lifts a bound that may be absent. */
export type LimitChanges = Partial<RunLimits>;

/** Inclusive bounds; the same as the workflow inputs'. */
export const LIMIT_BOUNDS: Readonly<Record<keyof RunLimits, { min: number; max: number }>> = {
  max_concurrency: { min: 1, max: 64 },
  max_records: { min: 1, max: 1_000_000_000 },
  discovery_batch_size: { min: 1, max: 5000 },
  batch_size: { min: 1, max: 1000 },
  poll_interval_seconds: { min: 1, max: 86_400 },
};

/** What a run may be without. */
const LIFTED_BY_NULL: readonly string[] = ['max_records', 'max_concurrency'] satisfies (keyof RunLimits)[];

/**
 * Checks a `set_limits` argument without zod, since it runs inside the workflow.
 *
 * @returns what is wrong, in one line; undefined when the changes may be applied
 */
export function describeLimitMismatch(changes: unknown): string | undefined {
  if (typeof changes !== 'object' || changes === null || Array.isArray(changes)) {
    return `set_limits takes an object with any of ${Object.keys(LIMIT_BOUNDS).join(', ')}`;
  }
  const excess = describeExcess(changes);
  if (excess !== undefined) return `set_limits: the argument ${excess}`;
  const entries = Object.entries(changes);
  const known = Object.keys(LIMIT_BOUNDS);
  if (entries.length > known.length) {
    return `set_limits was given ${entries.length} limits; there are ${known.join(', ')}`;
  }
  const problems = entries.flatMap(([name, value]) => {
    if (!Object.hasOwn(LIMIT_BOUNDS, name)) {
      return [`${printable(name)} is no limit; expected any of ${known.join(', ')}`];
    }
    if (LIFTED_BY_NULL.includes(name) && value === null) return [];
    const { min, max } = LIMIT_BOUNDS[name as keyof RunLimits];
    const fits = typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
    return fits ? [] : [`${name} is ${preview(value)}; expected a whole number from ${min} to ${max}`];
  });
  if (entries.length === 0) return 'set_limits was given nothing to change';
  return problems.length > 0 ? problems.join('; ') : undefined;
}
