import type { KillRule } from '../gate.js';
import type { MongoCommand } from '../mongo-wire.js';
import { INTERVIEW_COLLECTIONS } from '../../stack/interviews.js';
import type { S3Action } from '../exports/aws-call.js';

/** What a process asks for, as far as the harness looks at it. */
export type Call =
  | { service: 'mongo'; command: MongoCommand }
  | { service: 's3'; action: S3Action; key: string }
  | { service: 'webhook' };

type Collection = keyof typeof INTERVIEW_COLLECTIONS;

/** A command on a collection; its statements as text, so that a field is found wherever the update has it. */
const mongo =
  (collection: Collection, names: readonly string[], says: RegExp = /./) =>
  (call: Call): boolean =>
    call.service === 'mongo' &&
    call.command.collection === INTERVIEW_COLLECTIONS[collection] &&
    names.includes(call.command.name) &&
    says.test(JSON.stringify(updatesOf(call.command)));

const WRITES = ['update', 'insert', 'findAndModify'];

/** What is written, without what is looked for. */
function updatesOf({ name, documents }: MongoCommand): unknown[] {
  const field = name === 'findAndModify' ? 'update' : 'u';
  return documents.map((document): unknown => document[field] ?? document);
}

const setsStatus = (status: string): RegExp => new RegExp(`"status":"${status}"`);
/** The content of a part is not text; its kind stands in one field. */
const part = (kind: string): RegExp => new RegExp(`"kind":"${kind}"`);

function named<Name extends string>(
  rules: Record<Name, KillRule<Call>>,
): Readonly<Record<Name, KillRule<Call>>> {
  return rules;
}

/** Points between any two steps of a job's way, in the order in which it comes by them. */
export const KILL_POINTS = named({
  ready: { role: 'orchestrator', at: 'answered', fits: mongo('jobs', WRITES, /"data_process":"1"/) },
  before_claim: { role: 'worker', at: 'received', fits: mongo('jobs', WRITES, setsStatus('1')) },
  claimed: { role: 'worker', at: 'answered', fits: mongo('jobs', WRITES, setsStatus('1')) },
  after_index: { role: 'worker', at: 'answered', fits: mongo('parts', WRITES, part('index')) },
  audio_pass: { role: 'worker', at: 'received', fits: mongo('parts', WRITES, part('pass')) },
  after_pass: { role: 'worker', at: 'answered', fits: mongo('parts', WRITES, part('pass')) },
  chunk: { role: 'worker', at: 'received', fits: mongo('parts', WRITES, part('chunk')) },
  after_chunk: { role: 'worker', at: 'answered', fits: mongo('parts', WRITES, part('chunk')) },
  combine: { role: 'worker', at: 'received', fits: mongo('parts', ['find', 'aggregate']) },
  before_store: { role: 'worker', at: 'received', fits: mongo('results', WRITES) },
  after_store: { role: 'worker', at: 'answered', fits: mongo('results', WRITES) },
  completed: { role: 'worker', at: 'answered', fits: mongo('jobs', WRITES, setsStatus('3')) },
  event_written: { role: 'orchestrator', at: 'answered', fits: mongo('events', ['insert']) },
  before_webhook: { role: 'orchestrator', at: 'received', fits: ({ service }) => service === 'webhook' },
  after_webhook: { role: 'orchestrator', at: 'answered', fits: ({ service }) => service === 'webhook' },
});

export type KillPoint = keyof typeof KILL_POINTS;
export const KILL_POINT_NAMES = Object.keys(KILL_POINTS) as KillPoint[];

/** States of a job in which its process is to die, and the points that show each. */
export const ROWS: Readonly<Record<string, readonly KillPoint[]>> = {
  ready: ['ready', 'before_claim'],
  claimed: ['claimed'],
  'audio pass': ['after_index', 'audio_pass', 'after_pass'],
  'chunk k': ['chunk', 'after_chunk'],
  combine: ['combine'],
  'before store': ['before_store'],
  'after store': ['after_store', 'completed'],
  'before the webhook': ['event_written', 'before_webhook'],
  'after the webhook': ['after_webhook'],
};

export function countRows(hits: Readonly<Record<KillPoint, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(ROWS).map(([row, points]) => [row, points.reduce((sum, point) => sum + hits[point], 0)]),
  );
}
