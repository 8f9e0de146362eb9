import { entriesOf, planChaosExports } from '#tools/chaos/exports/plan-chaos-exports.js';
import { noComplaints } from '#tools/exports/complaints.js';
import { judgeExports } from '#tools/exports/exports-verdict.js';
import { soundWorld } from '../../exports/sound-world.js';

const jobs = planChaosExports({ records: 400, seed: 1 });
const shapeOf = (planned: typeof jobs): unknown =>
  planned.map(({ ref, kind, isLate, files }) => [
    ref,
    kind,
    isLate,
    files.map(({ id, content }) => [id, content.etag]),
  ]);

it('plans about as many entries as it is told, in jobs of names of their own', () => {
  expect(Math.abs(entriesOf(jobs) - 400)).toBeLessThan(20);
  const names = jobs.map(({ ref }) => `${ref.source} ${ref.export_id}`);
  expect(new Set(names).size).toBe(jobs.length);
});

it('plans the same for the same seed, and something else for another one', () => {
  expect(shapeOf(planChaosExports({ records: 400, seed: 1 }))).toEqual(shapeOf(jobs));
  expect(shapeOf(planChaosExports({ records: 400, seed: 2 }))).not.toEqual(shapeOf(jobs));
});

it('plans what a sound service can do', () => {
  expect(judgeExports(jobs, soundWorld(jobs))).toEqual(noComplaints());
});
