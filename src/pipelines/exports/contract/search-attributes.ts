/** As `defineSearchAttributeKey` makes it; the command line has to know names, and loads no SDK for them. */
const keyword = (name: string): { name: string; type: 'KEYWORD' } => ({ name, type: 'KEYWORD' });

/** What jobs are filtered by. */
export const EXPORT_SEARCH_ATTRIBUTES = {
  /** As every run has it. */
  status: keyword('VachanStatus'),
  source: keyword('VachanExportSource'),
  /** How the job ended; unset while it runs. */
  state: keyword('VachanExportState'),
} as const;
