import type { Fault } from '../../faults/fault.js';
import { blackHole, cutLink, killServer, slowLink } from '../../faults/links.js';
import { killProcess, pauseProcess, skewClock, starveProcess, stopProcess } from '../../faults/processes.js';
import type { RecordingsSite } from './site.js';
import { duplicateDelivery, lateRows, secondDiscovery, terminateDiscovery } from './work.js';
import { fullScratch, killAtPoint, killPoolChild } from './workers.js';
import { stallMongo, troubleMongo, troubleS3, troubleSqs } from './wrong-answers.js';

/** Every fault by the name that `--faults` takes. */
export const FAULTS = {
  kill_worker: killProcess('worker'),
  kill_at_point: killAtPoint,
  stop_worker: stopProcess('worker'),
  pause_worker: pauseProcess('worker'),
  starve_worker: starveProcess('worker'),
  skew_clock: skewClock('worker'),
  full_scratch: fullScratch,
  kill_pool_child: killPoolChild,
  kill_temporal: killServer('temporal'),
  kill_mongo: killServer('mongo'),
  cut_temporal: cutLink('temporal'),
  cut_aws: cutLink('aws'),
  cut_mongo: cutLink('mongo'),
  hole_temporal: blackHole('temporal'),
  hole_aws: blackHole('aws'),
  hole_mongo: blackHole('mongo'),
  slow_aws: slowLink('aws'),
  slow_mongo: slowLink('mongo'),
  stall_mongo: stallMongo,
  mongo_refuses_writes: troubleMongo('refuses_writes'),
  mongo_half_bulk: troubleMongo('half_bulk'),
  sqs_half_failed: troubleSqs('half_failed'),
  sqs_at_cap: troubleSqs('at_cap'),
  sqs_reordered: troubleSqs('reordered'),
  s3_slow_down: troubleS3('slow_down'),
  s3_truncated: troubleS3('truncated'),
  s3_empty: troubleS3('empty'),
  duplicate_delivery: duplicateDelivery,
  late_rows: lateRows,
  terminate_discovery: terminateDiscovery,
  second_discovery: secondDiscovery,
} as const satisfies Record<string, Fault<RecordingsSite>>;

export type FaultKind = keyof typeof FAULTS;
export const FAULT_KINDS = Object.keys(FAULTS) as FaultKind[];

/** The workers are the part that is ours, so about half of all faults kill one of them or a part of it. */
export const TIMES_A_ROUND: Partial<Record<FaultKind, number>> = {
  ...{ kill_at_point: 10, kill_worker: 8, kill_pool_child: 4 },
};

const DOWNLOAD_ERRORS = ['AudioDownloadFailed', 'AudioDownloadTimeout'];
const POOL_ERRORS = ['AudioDecoderCrashed'];
/** Errors of the CSV that a fault may give to a delivery of a sound recording; a later delivery then scores it. */
const ERRORS_BY_FAULT: Partial<Record<FaultKind, readonly string[]>> = {
  ...{ cut_aws: DOWNLOAD_ERRORS, hole_aws: DOWNLOAD_ERRORS, slow_aws: DOWNLOAD_ERRORS },
  ...{ s3_slow_down: DOWNLOAD_ERRORS, s3_truncated: DOWNLOAD_ERRORS },
  s3_empty: ['AudioEmpty', ...DOWNLOAD_ERRORS],
  ...{ kill_pool_child: POOL_ERRORS, starve_worker: POOL_ERRORS, pause_worker: POOL_ERRORS },
};

export const excusedErrors = (kinds: readonly FaultKind[]): ReadonlySet<string> =>
  new Set(kinds.flatMap((kind) => ERRORS_BY_FAULT[kind] ?? []));
