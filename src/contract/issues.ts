import type { z } from 'zod';
import { printable } from '../platform/text/printable.js';

/** A message has a dozen fields; a longer list helps nobody. */
const ISSUES_SHOWN = 15;

/**
 * What a schema found wrong, as `field: expectation` joined by semicolons. Names fields and expectations only,
 * never a value: what failed a check may hold anything.
 */
export function describeIssues(error: z.ZodError): string {
  const shown = error.issues
    .slice(0, ISSUES_SHOWN)
    .map((issue) => `${printable(issue.path.map(String).join('.')) || 'body'}: ${expectation(issue)}`);
  const more = error.issues.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

// zod's own messages may quote what they got; its codes and this project's refinement messages never do.
function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `expected ${issue.expected}`;
  if (issue.code === 'custom') return issue.message;
  if (issue.code === 'too_big' && issue.origin === 'string') return `at most ${issue.maximum} characters`;
  return issue.code;
}
