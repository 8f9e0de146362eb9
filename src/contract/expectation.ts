import type { z } from 'zod';

/**
 * What a schema expected, in a person's words where zod's are a program's: `expected 1 or more jobs`, `expected an object`.
 * The value that was got is in none of them, but may be in messages of refinements.
 */
export function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `expected ${withArticle(issue.expected)}`;
  if (issue.code === 'too_small' && issue.origin === 'array') {
    return `expected ${issue.minimum} or more ${itemsOf(issue.path)}`;
  }
  if (issue.code === 'too_big' && issue.origin === 'array') {
    return `expected at most ${issue.maximum} ${itemsOf(issue.path)}`;
  }
  return issue.message.replace(/^(Invalid \w+|Too (big|small)): /, '');
}

function withArticle(type: string): string {
  if (type === 'int') return 'a whole number';
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

/** A list's own name is the plural of what it holds. */
function itemsOf(path: readonly PropertyKey[]): string {
  const name = path.at(-1);
  return typeof name === 'string' && /^[a-z][a-z_]*s$/.test(name) ? name.replaceAll('_', ' ') : 'items';
}
