import type { z } from 'zod';

/**
 * What a schema found wrong, as `field: expectation` joined by semicolons. Names fields and expectations only,
 * never a value: what failed a check may hold anything.
 */
export function describeIssues(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${expectation(issue)}`).join('; ');
}

// zod's own messages may quote what they got; its codes and this project's refinement messages never do.
function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `expected ${issue.expected}`;
  if (issue.code === 'custom') return issue.message;
  return issue.code;
}
