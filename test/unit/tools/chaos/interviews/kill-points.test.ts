import { Binary, ObjectId } from 'mongodb';
import {
  KILL_POINT_NAMES,
  KILL_POINTS,
  ROWS,
  type Call,
  type KillPoint,
} from '../../../../../tools/chaos/interviews/kill-points.js';

const mongo = (collection: string, name: string, document: object): Call => ({
  service: 'mongo',
  command: { requestId: 1, name, collection, documents: [document] },
});
const update = (collection: string, $set: object, q: object = { _id: new ObjectId() }): Call =>
  mongo(collection, 'update', { q, u: { $set } });
const part = (kind: string): Call =>
  mongo('interview_parts', 'update', {
    q: { _id: `job:run:etag:${kind}:0` },
    u: { $setOnInsert: { kind, k: 0, content: new Binary(Buffer.from('"kind":"other"')) } },
  });

const CALLS: readonly [string, Call, readonly KillPoint[]][] = [
  ['an object that is there', update('interview_queue', { data_process: '1' }), ['ready']],
  ['a claim', update('interview_queue', { status: '1', run_id: 'run' }), ['before_claim', 'claimed']],
  ['a job that fails', update('interview_queue', { status: '2' }, { status: '1' }), []],
  ['a job that is completed', update('interview_queue', { status: '3' }, { status: '1' }), ['completed']],
  ['what a pass finds first', part('index'), ['after_index']],
  ['what a pass has heard', part('pass'), ['audio_pass', 'after_pass']],
  ['what a chunk has seen', part('chunk'), ['chunk', 'after_chunk']],
  ['a look at the parts', mongo('interview_parts', 'find', { filter: { job_id: '1' } }), ['combine']],
  ['a result', update('interview_results', { video: {} }), ['before_store', 'after_store']],
  ['a look at a result', mongo('interview_results', 'find', { filter: {} }), []],
  ['an event', mongo('interview_events', 'insert', { type: 'interview.completed' }), ['event_written']],
  ['a delivery', { service: 'webhook' }, ['before_webhook', 'after_webhook']],
  ['a range of an object', { service: 's3', action: 'get', key: 'a' }, []],
];

test.each(CALLS)('%s comes by its own points and no other', (_, call, points) => {
  expect(KILL_POINT_NAMES.filter((point) => KILL_POINTS[point].fits(call))).toEqual(points);
});

test('each point shows one state of a job', () => {
  expect(Object.values(ROWS).flat().sort()).toEqual([...KILL_POINT_NAMES].sort());
});
