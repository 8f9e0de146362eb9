import type { ReceiverTrouble } from '../../../webhook-receiver/start-receiver.js';
import { seconds, type Fault } from '../../faults/fault.js';
import { blackHole, cutLink, killServer, slowLink } from '../../faults/links.js';
import { killProcess, pauseProcess, skewClock, starveProcess, stopProcess } from '../../faults/processes.js';
import type { S3Trouble } from '../store-troubles.js';
import { killAtPoint } from './kill-at-point.js';
import { loseStream } from './lose-stream.js';
import { outOfMemory, shortOfMemory } from './memory.js';
import type { InterviewsSite } from './site.js';

/** Every fault by the name that `--faults` takes. */
export const FAULTS = {
  kill_at_point: killAtPoint,
  kill_worker: killProcess('worker'),
  kill_orchestrator: killProcess('orchestrator'),
  kill_media_process: killMediaProcess(),
  stop_worker: stopProcess('worker'),
  stop_orchestrator: stopProcess('orchestrator'),
  pause_worker: pauseProcess('worker'),
  pause_orchestrator: pauseProcess('orchestrator'),
  starve_worker: starveProcess('worker'),
  short_of_memory: shortOfMemory,
  out_of_memory: outOfMemory,
  skew_worker: skewClock('worker'),
  skew_orchestrator: skewClock('orchestrator'),
  kill_temporal: killServer('temporal'),
  kill_mongo: killServer('mongo'),
  cut_temporal: cutLink('temporal'),
  cut_mongo: cutLink('mongo'),
  cut_aws: cutLink('aws'),
  cut_receiver: cutLink('receiver'),
  hole_temporal: blackHole('temporal'),
  hole_mongo: blackHole('mongo'),
  hole_aws: blackHole('aws'),
  hole_receiver: blackHole('receiver'),
  slow_mongo: slowLink('mongo'),
  lose_stream: loseStream,
  slow_aws: slowLink('aws'),
  s3_slow_down: troubleS3('slow_down'),
  s3_truncated: troubleS3('truncated'),
  s3_internal_error: troubleS3('internal_error'),
  receiver_busy: troubleReceiver({ status: 503, retryAfterSeconds: 1 }),
  receiver_unheard: troubleReceiver({ cut: true, taken: true }),
  receiver_redirects: troubleReceiver({ status: 302, location: 'http://127.0.0.1:1/' }),
} as const satisfies Record<string, Fault<InterviewsSite>>;

export type FaultKind = keyof typeof FAULTS;
export const FAULT_KINDS = Object.keys(FAULTS) as FaultKind[];

/** Each state of a job is to be met twice and more, while everything else happens too. */
export const TIMES_A_ROUND: Partial<Record<FaultKind, number>> = {
  ...{ kill_at_point: 20, kill_worker: 3, kill_orchestrator: 2, kill_media_process: 2 },
  // Seldom tried otherwise: a process that decodes is at work, a stream is live.
  ...{ short_of_memory: 2, out_of_memory: 2, lose_stream: 2 },
};

/** Storms of 503 and 500, and answers that break off. */
function troubleS3(kind: S3Trouble['kind']): Fault<InterviewsSite> {
  return {
    target: 's3',
    async inject({ troubles }, random) {
      const length = random.between(3, 8);
      troubles.s3 = { kind, random };
      await seconds(length);
      troubles.s3 = undefined;
      return `for ${length} s`;
    },
  };
}

/** What becomes of the next deliveries. */
function troubleReceiver(trouble: ReceiverTrouble): Fault<InterviewsSite> {
  return {
    inject({ receiver }, random) {
      const deliveries = random.between(1, 4);
      receiver.trouble(...Array.from({ length: deliveries }, () => trouble));
      return Promise.resolve(`${deliveries} deliveries`);
    },
  };
}

/** As the kernel ends the process that uses most memory: one that decodes. */
function killMediaProcess(): Fault<InterviewsSite> {
  return {
    inject({ fleet }, random) {
      const members = fleet.workers().flatMap((worker) => worker.poolMembers());
      if (members.length === 0) return Promise.resolve(undefined);
      const pid = random.pick(members);
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        return Promise.resolve(undefined);
      }
      return Promise.resolve(`process ${pid} of ${members.length}`);
    },
  };
}
