import { treeRssBytes } from '#vachan/platform/children/process-tree.js';
import { seconds, type Fault } from '../../faults/fault.js';
import { anyProcess } from '../../faults/processes.js';
import type { InterviewsSite } from './site.js';

const USED_PERCENT = 97;
const MIB = 1024 ** 2;
/** A process that decodes with its models takes 150 to 250 MB, one without them half of that. */
const LIMIT_MB = { least: 110, most: 150 };
const LOOK_EVERY_SECONDS = 0.1;
/** A worker looks every two seconds; a machine may be busy with other things, which goes for both. */
const NOTICED_WITHIN_SECONDS = 20;
const ENDED_WITHIN_SECONDS = 30;
/** An attempt whose step loses more of them fails, which would say nothing of what is tried here. */
const MOST_ENDED = 2;

/** What a worker reads of its memory says that nearly all is in use: it takes one job and one chunk at a time, and lets its pool go. */
export const shortOfMemory: Fault<InterviewsSite> = {
  async inject({ fleet }, random) {
    const short = anyProcess(fleet, 'worker', random);
    if (short === undefined) return undefined;
    const length = random.between(3, 10);
    const noticed = fleet.nextLine('memory_constrained').then(() => true);
    const gone = short.exited.then(() => false);
    short.fillMemory(USED_PERCENT);
    const isNoticed = await Promise.race([noticed, gone, tooLate()]);
    if (isNoticed) await Promise.race([seconds(length), gone]);
    short.fillMemory(undefined);
    return isNoticed ? `worker ${short.pid} at ${USED_PERCENT} % for ${length} s` : undefined;
  },
};

/** The pool's processes have a limit for a while, and the first that exceed it are ended, as the kernel does it in a cgroup. */
export const outOfMemory: Fault<InterviewsSite> = {
  target: 'media processes',
  async inject({ fleet }, random) {
    const limitMb = random.between(LIMIT_MB.least, LIMIT_MB.most);
    const ended: number[] = [];
    for (
      let passed = 0;
      passed < ENDED_WITHIN_SECONDS && ended.length < MOST_ENDED;
      passed += LOOK_EVERY_SECONDS
    ) {
      const members = fleet.workers().flatMap((worker) => worker.poolMembers());
      for (const pid of members.filter((one) => (treeRssBytes(one) ?? 0) > limitMb * MIB)) {
        if (ended.length < MOST_ENDED && end(pid)) ended.push(pid);
      }
      await seconds(LOOK_EVERY_SECONDS);
    }
    return ended.length === 0 ? undefined : `processes ${ended.join(', ')} above ${limitMb} MB`;
  },
};

/** Nothing waits for it once it was noticed. */
function tooLate(): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), NOTICED_WITHIN_SECONDS * 1000).unref();
  });
}

function end(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
