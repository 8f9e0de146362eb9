import type { z } from 'zod';
import { preview, printable } from '../platform/text/printable.js';
import { expectation } from './expectation.js';
import { describeExcess } from './text-limits.js';

/** A person fixes a few faults at a time. */
const ISSUES_SHOWN = 10;

/**
 * The ways in which a value misses a schema, as one line a person can act on: however large or odd the value is,
 * ten faults at the most, each with a bounded and printable preview of what was got.
 *
 * @returns undefined when the value fits
 */
export function describeMismatch(schema: z.ZodType, value: unknown): string | undefined {
  const excess = describeExcess(value);
  if (excess !== undefined) return `input: ${excess} (got ${preview(value)})`;
  const parsed = schema.safeParse(value);
  if (parsed.success) return undefined;
  const { issues } = parsed.error;
  const shown = issues.slice(0, ISSUES_SHOWN).map((issue) => {
    const path = printable(issue.path.map(String).join('.'));
    return `${path === '' ? 'input' : path}: ${describeIssue(issue, value)}`;
  });
  const more = issues.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

function describeIssue(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.slice(0, ISSUES_SHOWN).map((name) => preview(name, 60));
    const more = issue.keys.length - names.length;
    return `no such field: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  }
  return `${printable(expectation(issue), 300)} (got ${preview(valueAt(value, issue.path), 60)})`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}
