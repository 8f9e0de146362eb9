import type { Call } from './aws-call.js';
import type { Wish } from './seed-chaos-exports.js';

/** Where the run keeps what; keys are without the bucket. */
export interface Place {
  outputPrefix: string;
  statePrefix: string;
  jobsQueueUrl: string;
  tasksQueueUrl: string;
}

/** A request at which the process that makes it is killed. */
export interface KillPointRule {
  role: 'orchestrator' | 'worker';
  /** Before the server hears of it; once half of it was carried out; or all of it, without the process hearing so. */
  at: 'received' | 'half' | 'answered';
  fits: (call: Call, place: Place) => boolean;
  /** First the process makes this request, and hears nothing of Temporal from there on. */
  alone?: (call: Call, place: Place) => boolean;
  /** A job that comes by here. */
  wants?: Wish;
}

const put =
  (folder: 'output' | 'state', pattern = /./) =>
  (call: Call, { outputPrefix, statePrefix }: Place): boolean =>
    call.service === 's3' &&
    call.action === 'put' &&
    call.key.startsWith(`${folder === 'output' ? outputPrefix : statePrefix}/`) &&
    pattern.test(call.key);

const s3 =
  (action: 'complete' | 'put_part', parts: (part: number) => boolean = () => true) =>
  (call: Call, { outputPrefix }: Place): boolean =>
    call.service === 's3' &&
    call.action === action &&
    call.key.startsWith(`${outputPrefix}/`) &&
    parts(call.part ?? 0);

/** A queue's address has another host where it goes through a proxy. */
const sqs =
  (action: string, queue: 'jobs' | 'tasks', least = 0) =>
  (call: Call, { jobsQueueUrl, tasksQueueUrl }: Place): boolean =>
    call.service === 'sqs' &&
    call.action.startsWith(action) &&
    nameOf(call.queueUrl) === nameOf(queue === 'jobs' ? jobsQueueUrl : tasksQueueUrl) &&
    call.entries >= least;

const nameOf = (queueUrl: string): string => queueUrl.replace(/^.*\//, '');

const FRAGMENT = put('state', /\/files\/\d+\.json$/);
const RESULT = put('state', /\/result\.json$/);
const DELETE_TASK = sqs('DeleteMessage', 'tasks');

function named<Name extends string>(
  points: Record<Name, KillPointRule>,
): Readonly<Record<Name, KillPointRule>> {
  return points;
}

/** Points between any two steps of a job's way, in the order in which it comes by them. */
export const KILL_POINTS = named({
  job_started: { role: 'orchestrator', at: 'received', fits: sqs('DeleteMessage', 'jobs') },
  page_listed: { role: 'orchestrator', at: 'answered', fits: put('state', /\/listing\/\d+\.ndjson$/) },
  half_sent: { role: 'orchestrator', at: 'half', fits: sqs('SendMessage', 'tasks', 2), wants: 'many' },
  claimed_task: {
    ...{ role: 'worker', at: 'received' },
    fits: (call) => call.service === 'api' && call.action === 'file',
  },
  first_part: { role: 'worker', at: 'answered', fits: s3('put_part', (part) => part === 1), wants: 'large' },
  mid_entry: { role: 'worker', at: 'answered', fits: s3('put_part', (part) => part > 1), wants: 'large' },
  before_complete: { role: 'worker', at: 'received', fits: s3('complete'), wants: 'large' },
  after_complete: { role: 'worker', at: 'answered', fits: s3('complete'), wants: 'large' },
  before_settle: { role: 'worker', at: 'received', fits: FRAGMENT },
  after_settle: { role: 'worker', at: 'answered', fits: FRAGMENT },
  before_delete: { role: 'worker', at: 'received', fits: DELETE_TASK },
  before_signal: { role: 'worker', at: 'answered', fits: DELETE_TASK, alone: FRAGMENT },
  before_result: { role: 'worker', at: 'received', fits: RESULT },
  after_result: { role: 'worker', at: 'answered', fits: RESULT },
  cancel_marked: {
    ...{ role: 'orchestrator', at: 'answered', wants: 'cancel' },
    fits: put('state', /\/cancelled\.json$/),
  },
});

export type KillPoint = keyof typeof KILL_POINTS;
export const KILL_POINT_NAMES = Object.keys(KILL_POINTS) as KillPoint[];

/** What docs/exports.md says of a process that dies, and the points that show it. */
export const ROWS: Readonly<Record<string, readonly KillPoint[]>> = {
  'job started, message not deleted': ['job_started'],
  'listing page, before sends': ['page_listed'],
  'half of the sends': ['half_sent'],
  'Complete, before the fragment': ['after_complete'],
  'fragment, before delete': ['after_settle', 'before_delete'],
  'delete, before signal': ['before_signal'],
  'all settled, before result': ['before_result'],
  'result, before close': ['after_result'],
  'cancel marker, before cancels': ['cancel_marked'],
};

export function countRows(hits: Readonly<Record<KillPoint, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(ROWS).map(([row, points]) => [row, points.reduce((sum, point) => sum + hits[point], 0)]),
  );
}
