import { createUndispatched } from '../../../../src/pipelines/exports/metrics/undispatched.js';

const job = (id: string) => ({ source: 'default', export_id: id });

test('what waits to be sent is the sum of the last words on each job, as long as they are recent', () => {
  let nowMs = 0;
  const undispatched = createUndispatched(() => nowMs);
  undispatched.told(job('a'), 10);
  nowMs = 30_000;
  undispatched.told(job('b'), 5);
  undispatched.told(job('b'), 4);
  expect(undispatched.total()).toBe(14);
  undispatched.told(job('c'), 0);
  // The job of a was looked at by another orchestrator since.
  nowMs = 75_000;
  expect(undispatched.total()).toBe(4);
  undispatched.told(job('b'), 0);
  expect(undispatched.total()).toBe(0);
});
