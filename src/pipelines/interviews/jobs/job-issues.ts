import type { z } from 'zod';
import { expectation } from '../../../contract/expectation.js';
import { printable } from '../../../platform/text/printable.js';

/** A job has a dozen fields; a longer list helps nobody. */
const ISSUES_SHOWN = 10;

/**
 * What a schema found wrong with a job, as `field: expectation` joined by semicolons: it is kept in the job's document, and
 * may go out with its failure. The values are left out, since each may say who was interviewed.
 */
export function describeJobIssues({ issues }: z.ZodError): string {
  const shown = issues
    .slice(0, ISSUES_SHOWN)
    .map((issue) => `${printable(issue.path.map(String).join('.')) || 'job'}: ${inWords(issue)}`);
  const more = issues.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

function inWords(issue: z.core.$ZodIssue): string {
  return issue.code === 'unrecognized_keys' ? 'has a field that is not known' : expectation(issue);
}
