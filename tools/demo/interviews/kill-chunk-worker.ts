import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { jobWorkflowId } from '#vachan/pipelines/interviews/contract/names.js';
import type { FoundJob } from '../../interviews/read-world.js';
import type { SeededInterview } from '../../interviews/seeded-interview.js';
import type { Fleet } from '../fleet.js';

const LOOK_EVERY_MS = 50;

/**
 * Ends a process that is in the middle of a chunk of the interview's video, as the kernel does when memory is short, and starts
 * another. Its place is elsewhere: what else is done of the job goes on.
 *
 * @returns whether there was one
 */
export async function killChunkWorker(
  { id }: SeededInterview,
  jobs: readonly FoundJob[],
  { client, fleet, log }: { client: Client; fleet: Fleet; log: (line: string) => void },
): Promise<boolean> {
  const job = jobs.find(({ interview_id: of }) => of === id);
  if (job?.status !== '1') return false;
  const { raw } = await client.workflow.getHandle(jobWorkflowId(job._id)).describe();
  const holders = (type: string): number[] =>
    (raw.pendingActivities ?? [])
      .filter(({ activityType }) => activityType?.name === type)
      .map(({ lastWorkerIdentity: identity }) => Number(/^\d+/.exec(identity ?? '')?.[0]));
  const [host] = holders('holdPlace');
  const worker = holders('sampleChunk').find((pid) => pid > 1 && pid !== host);
  if (host === undefined || worker === undefined) return false;
  const before = new Set(fleet.ended());
  process.kill(worker, 'SIGKILL');
  for (;;) {
    const killed = fleet.ended().find((one) => !before.has(one));
    if (killed === undefined) {
      await delay(LOOK_EVERY_MS);
      continue;
    }
    log(`Killed ${killed.name} (process ${worker}) in the middle of a chunk of ${id}; another one starts`);
    fleet.forget(killed.name);
    fleet.start('worker', `${killed.name}-again`);
    return true;
  }
}
