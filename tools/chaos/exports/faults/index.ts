import type { Fault } from '../../faults/fault.js';
import { blackHole, cutLink, killServer, slowLink } from '../../faults/links.js';
import { killProcess, pauseProcess, skewClock, starveProcess, stopProcess } from '../../faults/processes.js';
import {
  apiBurst,
  crawling,
  cutOff,
  expireLinks,
  restartListing,
  tooMany,
  troubleDownloads,
  unavailable,
} from './api-faults.js';
import { killAtPoint } from './kill-at-point.js';
import type { ExportsSite } from './site.js';
import { troubleDynamo, troubleS3, troubleSqs } from './wrong-answers.js';

/** Every fault by the name that `--faults` takes. */
export const FAULTS = {
  kill_at_point: killAtPoint,
  kill_worker: killProcess('worker'),
  kill_orchestrator: killProcess('orchestrator'),
  stop_worker: stopProcess('worker'),
  stop_orchestrator: stopProcess('orchestrator'),
  pause_worker: pauseProcess('worker'),
  pause_orchestrator: pauseProcess('orchestrator'),
  starve_worker: starveProcess('worker'),
  skew_clock: skewClock('worker'),
  kill_temporal: killServer('temporal'),
  cut_temporal: cutLink('temporal'),
  cut_sqs: cutLink('sqs'),
  cut_s3: cutLink('s3'),
  cut_dynamodb: cutLink('dynamodb'),
  cut_api: cutLink('api'),
  hole_temporal: blackHole('temporal'),
  hole_sqs: blackHole('sqs'),
  hole_s3: blackHole('s3'),
  hole_dynamodb: blackHole('dynamodb'),
  hole_api: blackHole('api'),
  slow_sqs: slowLink('sqs'),
  slow_s3: slowLink('s3'),
  slow_dynamodb: slowLink('dynamodb'),
  slow_api: slowLink('api'),
  s3_slow_down: troubleS3('slow_down'),
  s3_put_lost: troubleS3('put_lost'),
  s3_complete_lost: troubleS3('complete_lost'),
  s3_complete_error: troubleS3('complete_error'),
  s3_truncated: troubleS3('truncated'),
  dynamodb_unprocessed: troubleDynamo('unprocessed'),
  dynamodb_throttled: troubleDynamo('throttled'),
  sqs_half_failed: troubleSqs('half_failed'),
  sqs_at_cap: troubleSqs('at_cap'),
  sqs_reordered: troubleSqs('reordered'),
  api_too_many: apiBurst(tooMany),
  api_unavailable: apiBurst(unavailable),
  downloads_cut: troubleDownloads(cutOff),
  downloads_slow: troubleDownloads(crawling),
  links_expire: expireLinks,
  listing_restarts: restartListing,
  duplicate_jobs: {
    inject: async ({ exports }, random) => `${await exports.sendAgain(random)} messages`,
  },
  duplicate_tasks: {
    inject: async (site, random) => `${await site.sendTasksAgain(random)} messages`,
  },
} as const satisfies Record<string, Fault<ExportsSite>>;

export type FaultKind = keyof typeof FAULTS;
export const FAULT_KINDS = Object.keys(FAULTS) as FaultKind[];

/** Each row of what becomes of a process that dies is to be met twice and more, while everything else happens too. */
export const TIMES_A_ROUND: Partial<Record<FaultKind, number>> = {
  ...{ kill_at_point: 24, kill_worker: 3, kill_orchestrator: 2 },
};
