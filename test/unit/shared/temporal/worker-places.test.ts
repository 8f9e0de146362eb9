import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import type { LiveWorkers } from '../../../../src/temporal/live-workers.js';
import { watchWorkerPlaces } from '../../../../src/temporal/worker-places.js';

const worker = (instance: string, places?: number): LiveWorkers['alive'][number] => ({
  instance,
  build: undefined,
  places,
});
const nobody: LiveWorkers = {
  alive: [],
  unsure: [],
  knownBy: 'heartbeats',
  heartbeatsTaken: true,
  clocksBehind: [],
};

describe('the places of workers', () => {
  test('are of who is alive, and this process when it is one of them', async () => {
    const log = recordingLogger();
    let found: LiveWorkers = { ...nobody, unsure: [worker('far')] };
    const own: { places?: number } = {};
    const places = watchWorkerPlaces({
      look: () => Promise.resolve(found),
      ownPlaces: () => own.places,
      log,
    });
    expect(await places()).toEqual([]);
    own.places = 4;
    expect(await places()).toEqual([4]);
    found = { ...nobody, alive: [worker('a', 2), worker('b')] };
    expect(await places()).toEqual([2, undefined]);
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
    const places = watchWorkerPlaces({
      look: () => Promise.resolve(answers.shift() ?? nobody),
      ownPlaces: () => undefined,
      log,
    });
    for (let looks = 0; looks < 4; looks++) await places();
    expect(log.of('worker_heartbeats_missing')).toHaveLength(1);
    expect(log.of('worker_clock_differs')).toMatchObject([{ worker: '7@host', behind_seconds: -3_600 }]);
  });

  test('gives new workers time for their first heartbeat before it says that they send none', async () => {
    const log = recordingLogger();
    let nowMs = 0;
    const places = watchWorkerPlaces({
      look: () => Promise.resolve({ ...nobody, alive: [worker('a')], knownBy: 'polls' }),
      ownPlaces: () => undefined,
      log,
      now: () => nowMs,
    });
    expect(await places()).toHaveLength(1);
    nowMs = 15_000;
    await places();
    expect(log.of('worker_heartbeats_missing')).toEqual([]);
    nowMs = 75_000;
    await places();
    expect(log.of('worker_heartbeats_missing')).toHaveLength(1);
  });
});
