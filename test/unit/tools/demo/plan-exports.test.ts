import { planExports } from '#tools/demo/exports/plan-exports.js';

it('plans thirty jobs of names of their own', () => {
  const jobs = planExports({ smallFiles: 3 });
  const names = jobs.map(({ ref }) => `${ref.source} ${ref.export_id}`);
  expect([jobs.length, new Set(names).size]).toEqual([30, 30]);
});
