import type { Call } from '../../../../../tools/chaos/exports/aws-call.js';
import { createGate, type Gate } from '../../../../../tools/chaos/exports/gate.js';
import { countRows, KILL_POINT_NAMES, ROWS } from '../../../../../tools/chaos/exports/kill-points.js';

const FRAGMENT: Call = {
  service: 's3',
  action: 'put',
  key: 'state/default/x/files/0000000.json',
  part: undefined,
};
const DELETE_TASK: Call = {
  ...{ service: 'sqs', action: 'DeleteMessageBatch', entries: 1 },
  queueUrl: 'http://elsewhere/0/tasks',
};

let gate: Gate;
let killed: string[];
let isolated: string[];
beforeEach(() => {
  killed = [];
  isolated = [];
  gate = createGate({
    place: {
      ...{ outputPrefix: 'out', statePrefix: 'state' },
      ...{ jobsQueueUrl: 'http://here/0/jobs', tasksQueueUrl: 'http://here/0/tasks' },
    },
    roleOf: (who) => who.replace(/-\d$/, ''),
    kill: (who) => killed.push(who),
    isolate: (who, alone) => isolated.push(`${who} ${alone ? 'alone' : 'back'}`),
  });
});

test('a gate that is not armed lets every request pass', () => {
  expect(gate.meet('worker-1', FRAGMENT)).toBeUndefined();
});

test('the first process of the role that makes the request dies, and no other', async () => {
  const { killed: dead } = gate.arm('before_settle');
  expect(gate.meet('orchestrator-1', FRAGMENT)).toBeUndefined();
  expect(gate.meet('worker-2', DELETE_TASK)).toBeUndefined();
  const strike = gate.meet('worker-2', FRAGMENT);
  expect(strike?.at).toBe('received');
  strike?.kill();
  expect(await dead).toBe('worker-2');
  expect(killed).toEqual(['worker-2']);
  expect(gate.hits().before_settle).toBe(1);
  expect(gate.meet('worker-1', FRAGMENT)).toBeUndefined();
});

test('a request that the server refused counts for nothing, and the next one has its turn', () => {
  gate.arm('after_settle');
  const refused = gate.meet('worker-1', FRAGMENT);
  expect(gate.meet('worker-2', FRAGMENT)).toBeUndefined();
  refused?.miss();
  expect(gate.meet('worker-2', FRAGMENT)?.at).toBe('answered');
  expect(gate.hits().after_settle).toBe(0);
});

test('before the signal, the process that settles hears nothing of Temporal until it dies', () => {
  gate.arm('before_signal');
  expect(gate.meet('worker-1', DELETE_TASK)).toBeUndefined();
  expect(gate.meet('worker-1', FRAGMENT)).toBeUndefined();
  expect(isolated).toEqual(['worker-1 alone']);
  expect(gate.meet('worker-2', DELETE_TASK)).toBeUndefined();
  gate.meet('worker-1', DELETE_TASK)?.kill();
  expect(killed).toEqual(['worker-1']);
  expect(isolated).toEqual(['worker-1 alone', 'worker-1 back']);
});

test.each(['its own', 'that of all'])(
  'a point that is disarmed by %s gives back what it had taken',
  async (by) => {
    const { killed: who, disarm } = gate.arm('before_signal');
    gate.meet('worker-1', FRAGMENT);
    if (by === 'its own') disarm();
    else gate.disarmAll();
    expect(await who).toBeUndefined();
    expect(isolated).toEqual(['worker-1 alone', 'worker-1 back']);
    expect(gate.meet('worker-1', DELETE_TASK)).toBeUndefined();
  },
);

test('a process that is about to die when its point is disarmed dies, and counts', async () => {
  const { killed: who, disarm } = gate.arm('after_settle');
  const strike = gate.meet('worker-1', FRAGMENT);
  disarm();
  gate.disarmAll();
  strike?.kill();
  expect(await who).toBe('worker-1');
  expect(gate.hits().after_settle).toBe(1);
  expect(gate.isArmed('after_settle')).toBe(false);
});

test('a point that was disarmed at a request that then came to nothing takes no other one', async () => {
  const { killed: who, disarm } = gate.arm('after_settle');
  const strike = gate.meet('worker-1', FRAGMENT);
  disarm();
  strike?.miss();
  expect(await who).toBeUndefined();
  expect(gate.meet('worker-2', FRAGMENT)).toBeUndefined();
});

test('whoever disarms a point late leaves it to those who armed it since', () => {
  const { disarm } = gate.arm('before_settle');
  gate.meet('worker-1', FRAGMENT)?.kill();
  gate.arm('before_settle');
  disarm();
  expect(gate.meet('worker-2', FRAGMENT)?.at).toBe('received');
});

test('every row of what becomes of a process that dies has a point, and counts those of its points', () => {
  const points = Object.values(ROWS).flat();
  expect(new Set(points).size).toBe(points.length);
  const hits = Object.fromEntries(KILL_POINT_NAMES.map((point) => [point, 1])) as Parameters<
    typeof countRows
  >[0];
  expect(countRows(hits)['fragment, before delete']).toBe(2);
  expect(Math.min(...Object.values(countRows(hits)))).toBe(1);
});
