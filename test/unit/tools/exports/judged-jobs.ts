import { entry, file, job } from '#tools/exports/seeded-job.js';

const rival = (content: string): ReturnType<typeof entry> => ({
  ...entry('rival.txt', 1, { expected: 'rival' }),
  data: Buffer.from(content),
});

/** One job of each kind that the checker judges otherwise. */
export const JOBS = [
  job('plain', 'a', [
    file('one', [entry('x.txt', 10), entry('y.txt', 20)]),
    file('two', [entry('z.txt', 30)]),
  ]),
  job('refused', 'b', [file('one', [entry('x.txt', 10), entry('../y', 5, { expected: ['name_unsafe'] })])], {
    ...{ state: 'partial', missing: ['z.txt'] },
  }),
  job('rivals', 'c', [file('one', [entry('x.txt', 10), rival('abc')]), file('two', [rival('xyz')])], {
    state: 'partial',
  }),
  job(
    'unread',
    'd',
    [file('one', [entry('x.txt', 10)]), { ...file('two', [entry('y.txt', 10)]), expected: ['gone'] }],
    {
      state: 'partial',
    },
  ),
  job('dead', 'e', [{ ...file('one', [entry('x.txt', 10)]), expected: ['dead_letter'] }], {
    ...{ state: 'failed', dies: true },
  }),
  job('cancelled', 'f', [file('one', [entry('x.txt', 10)])], { state: 'cancelled' }),
];
/** How complaints call them. */
export const NAME = {
  a: 'default/a (plain)',
  b: 'default/b (refused)',
  c: 'default/c (rivals)',
  d: 'default/d (unread)',
};
