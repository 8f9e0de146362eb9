import { jobWorkflowId, type JobRef } from '../contract/job-ref.js';

/** A job is looked at once a minute, by whichever orchestrator has its turn: after this the figure is another one's. */
const KNOWN_FOR_MS = 70_000;

/** Files that wait to be sent, of the jobs that this orchestrator looked at last; all orchestrators' add up. */
export function createUndispatched(now: () => number = () => performance.now()): {
  told(job: JobRef, files: number): void;
  total(): number;
} {
  const jobs = new Map<string, { files: number; atMs: number }>();
  return {
    told(job, files) {
      const id = jobWorkflowId(job);
      jobs.delete(id);
      if (files > 0) jobs.set(id, { files, atMs: now() });
    },
    total() {
      let total = 0;
      for (const [id, { files, atMs }] of jobs) {
        if (now() - atMs > KNOWN_FOR_MS) jobs.delete(id);
        else total += files;
      }
      return total;
    },
  };
}
