import type { QueueStats, QueueStatus, Run, RunList, RunListQuery } from './schemas.js';

/** Where the API's answers come from. Errors are of the error family; `NoSuchRun` is a 404. */
export interface ApiSources {
  listRuns(query: RunListQuery): Promise<RunList>;
  run(testDate: string): Promise<Run>;
  queueStatus(): Promise<QueueStatus>;
  queueStats(): Promise<QueueStats>;
}
