import { blackHole, cutLink, killServer, slowLink } from './dependencies.js';
import type { Fault } from './fault.js';
import { duplicateDelivery, lateRows, secondDiscovery, terminateDiscovery } from './work.js';
import { killAtPoint, killPoolChild, killWorker, pauseWorker, stopWorker } from './workers.js';

/** Every fault by the name that `--faults` takes. */
export const FAULTS = {
  kill_worker: killWorker,
  kill_at_point: killAtPoint,
  stop_worker: stopWorker,
  pause_worker: pauseWorker,
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
  duplicate_delivery: duplicateDelivery,
  late_rows: lateRows,
  terminate_discovery: terminateDiscovery,
  second_discovery: secondDiscovery,
} as const satisfies Record<string, Fault>;

export type FaultKind = keyof typeof FAULTS;
export const FAULT_KINDS = Object.keys(FAULTS) as FaultKind[];
