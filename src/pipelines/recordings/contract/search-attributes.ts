/** As `defineSearchAttributeKey` makes it; the command line has to know names, and loads no SDK for them. */
const keyword = (name: string): { name: string; type: 'KEYWORD' } => ({ name, type: 'KEYWORD' });

/**
 * What the Web UI and `temporal workflow list` filter by. All are keywords: exact values, no personal data. A
 * namespace must know them before the first workflow starts (workers and the embedded stack register them), since a
 * server refuses a workflow that sets an unknown one.
 */
export const SEARCH_ATTRIBUTES = {
  testDate: keyword('VachanTestDate'),
  sourceCollection: keyword('VachanSourceCollection'),
  mode: keyword('VachanMode'),
  status: keyword('VachanStatus'),
  queue: keyword('VachanQueue'),
} as const;
