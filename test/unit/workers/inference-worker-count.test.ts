import { recordingLogger } from '../../../src/platform/logging/recording-logger.js';
import type { LiveWorkers } from '../../../src/temporal/live-workers.js';
import { createWorkerCount } from '../../../src/workers/inference-worker-count.js';

const worker = (instance: string): LiveWorkers['alive'][number] => ({ instance, build: undefined });
const nobody: LiveWorkers = {
  alive: [],
  unsure: [],
  knownBy: 'heartbeats',
  heartbeatsTaken: true,
  clocksBehind: [],
};

describe('the number of inference workers', () => {
  test('counts who is alive, and this process when it is one of them', async () => {
    const log = recordingLogger();
    let found: LiveWorkers = { ...nobody, unsure: [worker('far')] };
    let oneOfThem = false;
    const count = createWorkerCount({ look: () => Promise.resolve(found), oneOfThem: () => oneOfThem, log });
    expect(await count()).toBe(0);
    oneOfThem = true;
    expect(await count()).toBe(1);
    found = { ...nobody, alive: [worker('a'), worker('b')] };
    expect(await count()).toBe(2);
    expect(log.of('worker_heartbeats_missing')).toEqual([]);
  });

  test('says once that nobody sends heartbeats, and once of each worker whose clock is off', async () => {
    const log = recordingLogger();
    const clocksBehind = [{ identity: '7@host', seconds: -3_600 }];
    const answers: LiveWorkers[] = [
      { ...nobody, alive: [worker('a')], knownBy: 'polls', heartbeatsTaken: false },
      { ...nobody, alive: [worker('a')], knownBy: 'polls', heartbeatsTaken: false },
      { ...nobody, alive: [worker('a')], clocksBehind },
      { ...nobody, alive: [worker('a')], clocksBehind },
    ];
    const count = createWorkerCount({
      look: () => Promise.resolve(answers.shift() ?? nobody),
      oneOfThem: () => false,
      log,
    });
    for (let looks = 0; looks < 4; looks++) await count();
    expect(log.of('worker_heartbeats_missing')).toHaveLength(1);
    expect(log.of('worker_clock_differs')).toMatchObject([{ worker: '7@host', behind_seconds: -3_600 }]);
  });

  test('gives new workers time for their first heartbeat before it says that they send none', async () => {
    const log = recordingLogger();
    let nowMs = 0;
    const count = createWorkerCount({
      look: () => Promise.resolve({ ...nobody, alive: [worker('a')], knownBy: 'polls' }),
      oneOfThem: () => false,
      log,
      now: () => nowMs,
    });
    expect(await count()).toBe(1);
    nowMs = 15_000;
    await count();
    expect(log.of('worker_heartbeats_missing')).toEqual([]);
    nowMs = 75_000;
    await count();
    expect(log.of('worker_heartbeats_missing')).toHaveLength(1);
  });
});
