import { InvalidInput } from '../../../../platform/errors.js';
import { MEASURED } from '../../planning/measured.js';
import { planCapacity, type CapacityPlan, type PlannedRun } from '../../planning/plan-capacity.js';
import { PRICED, costOf, type Priced, type Prices } from '../../planning/prices.js';
import { EXIT, type CliContext, type ExitCode } from '../../../../commands/context.js';
import { pairLines } from '../../../../commands/terminal/table.js';

export interface PlanOptions {
  records: number;
  secondsPerClip: number;
  window: number;
  vcpus: number;
  coreSpeed: number;
  kilobytesPerClip?: number;
  batchSize: number;
  maxConcurrency: number;
  startup: number;
  interruptions: number;
  utilisation: number;
  price?: Prices;
  json?: boolean;
}

/** What phones send in the mean: 64 kbit/s. */
const BYTES_PER_SECOND_OF_AUDIO = 8000;
/** The queue's own, as infra/ sets it. */
const VISIBILITY_TIMEOUT_SECONDS = 120;
const DISCOVERY_PAGE_ROWS = 100;

/** Prints what a run takes. */
export function showPlan({ terminal }: Pick<CliContext, 'terminal'>, options: PlanOptions): ExitCode {
  const run = runOf(options);
  const plan = planned(run);
  const cost = costOf(plan, run.vcpusPerTask, options.price ?? {});
  if (options.json === true) {
    terminal.out(JSON.stringify({ run, plan, ...(options.price === undefined ? {} : { cost }) }));
    return EXIT.ok;
  }
  for (const line of pairLines(describe(run, plan))) terminal.out(line);
  if (options.price !== undefined) {
    terminal.out('');
    const items = Object.entries(cost.items) as [Priced, number][];
    const lines = items.map(([name, amount]): [string, string] => [PRICED[name], amount.toFixed(2)]);
    for (const line of pairLines([...lines, ['cost of the run', cost.total.toFixed(2)]])) terminal.out(line);
  }
  return EXIT.ok;
}

function runOf(options: PlanOptions): PlannedRun {
  const { kilobytesPerClip, secondsPerClip } = options;
  return {
    records: options.records,
    secondsPerClip,
    bytesPerClip:
      kilobytesPerClip === undefined ? secondsPerClip * BYTES_PER_SECOND_OF_AUDIO : kilobytesPerClip * 1000,
    windowSeconds: options.window,
    vcpusPerTask: options.vcpus,
    coreSpeed: options.coreSpeed,
    batchSize: options.batchSize,
    lanesPerTask: options.maxConcurrency,
    startupSeconds: options.startup,
    interruptionsPerTaskHour: options.interruptions,
    utilisation: options.utilisation,
    visibilityTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS,
    discoveryPageRows: DISCOVERY_PAGE_ROWS,
  };
}

function planned(run: PlannedRun): CapacityPlan {
  try {
    return planCapacity(run, MEASURED);
  } catch (error) {
    if (error instanceof RangeError) throw new InvalidInput(`--window: ${error.message}`, { cause: error });
    throw error;
  }
}

function describe(run: PlannedRun, plan: CapacityPlan): [string, string][] {
  const { sqs, s3, mongo, temporal } = plan;
  const gb = (megabytes: number): string => `${number(megabytes / 1000, 1)} GB`;
  return [
    [
      'run',
      `${number(run.records)} recordings of ${number(run.secondsPerClip, 1)} s within ${clock(run.windowSeconds)}`,
    ],
    [
      'inference tasks',
      `${number(plan.tasks)} of ${run.vcpusPerTask} vCPU, ${gb(plan.memoryMbPerTask)} memory and ${gb(plan.scratchMbPerTask)} scratch, beside one orchestrator`,
    ],
    [
      'pace',
      `${number(plan.recordsPerTaskSecond, 1)} recordings/s a task, ${number(plan.recordsPerSecond)} in all; done after ${clock(plan.finishSeconds)}`,
    ],
    ['queued after', `${clock(plan.discoverySeconds)} (discovery overlaps with inference)`],
    ['task hours', number(plan.taskHours, 1)],
    ['BacklogPerTask target', number(plan.backlogPerTask)],
    ['SQS', `${number(sqs.requests)} requests, ${number(sqs.requestsPerSecond)}/s`],
    [
      'S3',
      `${number(s3.gets)} GETs, ${number(s3.getsPerSecond)}/s, ${number(s3.megabytesPerSecond, 1)} MB/s`,
    ],
    ['MongoDB', `${number(mongo.operations)} operations, ${number(mongo.operationsPerSecond)}/s`],
    ['Temporal', `${number(temporal.actions)} actions, ${number(temporal.actionsPerSecond)}/s`],
  ];
}

function number(value: number, digits = 0): string {
  return value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: 0 });
}

function clock(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}
