import * as fc from 'fast-check';
import { MEASURED } from '../../../../src/pipelines/recordings/planning/measured.js';
import {
  planCapacity,
  type PlannedRun,
} from '../../../../src/pipelines/recordings/planning/plan-capacity.js';
import { costOf, pricedUnits } from '../../../../src/pipelines/recordings/planning/prices.js';

const aRun = (changes: Partial<PlannedRun> = {}): PlannedRun => ({
  records: 900_000,
  secondsPerClip: 30,
  bytesPerClip: 240_000,
  windowSeconds: 5 * 3600,
  vcpusPerTask: 2,
  coreSpeed: 1,
  batchSize: 100,
  lanesPerTask: 4,
  startupSeconds: 120,
  interruptionsPerTaskHour: 0,
  utilisation: 1,
  visibilityTimeoutSeconds: 120,
  discoveryPageRows: 100,
  ...changes,
});

const costs = {
  audioMsPerSecond: 2,
  workerMsPerRecording: 0,
  busyShareOfCores: 1,
  discoveryRowsPerSecond: 1000,
  workerMb: 400,
  poolMemberMb: 150,
};

test('a core that takes 60 ms a clip does 60,000 of them an hour, and two of them twice as many', () => {
  const plan = planCapacity(aRun(), costs);
  expect(plan.recordsPerTaskSecond).toBeCloseTo(2 / 0.06);
  expect(plan.tasks).toBe(Math.ceil(900_000 / ((2 / 0.06) * (5 * 3600 - 120 - 400 / (2 / 0.06)))));
  expect(plan.memoryMbPerTask).toBe(700);
  expect(plan.scratchMbPerTask).toBe(96);
});

test('a run takes at least a send, a receive and a delete for ten messages, and a GET for each recording', () => {
  const { sqs, s3 } = planCapacity(aRun(), costs);
  expect(sqs.requests).toBeGreaterThanOrEqual(3 * 90_000);
  expect(s3.gets).toBe(900_000);
});

test('more recordings, a shorter window or more interruptions never take fewer tasks', () => {
  const ordered = fc.tuple(
    fc.integer({ min: 1_000, max: 2_000_000 }),
    fc.integer({ min: 6 * 3600, max: 20 * 3600 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  );
  fc.assert(
    fc.property(ordered, ([records, windowSeconds, interruptionsPerTaskHour]) => {
      const tasks = (changes: Partial<PlannedRun>): number =>
        planCapacity(aRun({ records, windowSeconds, interruptionsPerTaskHour, ...changes }), MEASURED).tasks;
      const base = tasks({});
      expect(tasks({ records: records + 100_000 })).toBeGreaterThanOrEqual(base);
      expect(tasks({ windowSeconds: windowSeconds - 3600 })).toBeGreaterThanOrEqual(base);
      expect(tasks({ interruptionsPerTaskHour: interruptionsPerTaskHour + 1 })).toBeGreaterThanOrEqual(base);
    }),
  );
});

test('the planned tasks are done within the window', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3_000_000 }), fc.integer({ min: 5, max: 24 }), (records, hours) => {
      const windowSeconds = hours * 3600;
      expect(planCapacity(aRun({ records, windowSeconds }), MEASURED).finishSeconds).toBeLessThanOrEqual(
        windowSeconds + 1,
      );
    }),
  );
});

test('a window in which nothing could be found and queued is refused with what it would take', () => {
  expect(() => planCapacity(aRun({ windowSeconds: 300 }), costs)).toThrow(
    /a window of 300 s is too short for 900000 recordings: .* takes 91\d s, however many tasks/,
  );
});

test('the cost is each priced unit times its price, and only of what has a price', () => {
  const plan = planCapacity(aRun(), costs);
  const units = pricedUnits(plan, 2);
  const { items, total } = costOf(plan, 2, { vcpu_hour: 0.5, s3_get_thousand: 2 });
  expect(items).toEqual({ vcpu_hour: units.vcpu_hour * 0.5, s3_get_thousand: 1800 });
  expect(total).toBeCloseTo(units.vcpu_hour * 0.5 + 1800);
  expect(units.vcpu_hour).toBeCloseTo(plan.taskHours * 2);
});
