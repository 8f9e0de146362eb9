import { interceptors } from '../../../../src/workflows/shared/state-of-tasks.js';

interface Step {
  events: number;
  sizeBytes: number;
  job?: 'queryWorkflow' | 'fireTimer';
  isReplaying?: boolean;
}

/** Activates one workflow with these, one after the other. @returns how many got through before one was refused */
function takenOf(steps: readonly Step[]): number {
  const [look] = interceptors().internals ?? [];
  let taken = 0;
  try {
    for (const { events, sizeBytes, job = 'fireTimer', isReplaying = false } of steps) {
      const activation = {
        isReplaying,
        historyLength: events,
        historySizeBytes: sizeBytes as never,
        jobs: [{ [job]: {} }],
      };
      look?.activate?.({ activation, batchIndex: 0 }, () => taken++);
    }
  } catch (error) {
    expect((error as Error).message).toMatch(/made to answer a query/);
  }
  return taken;
}

const replayed: Step = { events: 931, sizeBytes: 206_943, isReplaying: true };
const query = (events: number, sizeBytes: number): Step => ({ events, sizeBytes, job: 'queryWorkflow' });

test('a state that went beyond the last task for a query answers it, and takes no task', () => {
  const ahead = [replayed, { events: 934, sizeBytes: 206_943 }, query(934, 206_943)];
  expect(takenOf(ahead)).toBe(3);
  expect(takenOf([...ahead, query(934, 206_943)])).toBe(4);
  expect(takenOf([...ahead, { events: 939, sizeBytes: 208_715 }])).toBe(3);
});

test.each<[string, Step[]]>([
  [
    'tasks one after the other, with queries between',
    [
      { events: 3, sizeBytes: 900 },
      query(3, 900),
      { events: 10, sizeBytes: 2_000 },
      query(10, 2_000),
      { events: 14, sizeBytes: 2_600 },
    ],
  ],
  [
    'several activations of one task',
    [
      { events: 10, sizeBytes: 2_000 },
      { events: 10, sizeBytes: 2_000 },
      { events: 16, sizeBytes: 3_000 },
    ],
  ],
  ['those of a replay', [replayed, { ...replayed, events: 933 }, { events: 939, sizeBytes: 208_715 }]],
  [
    'tasks of a server that tells no size',
    [
      { events: 3, sizeBytes: 0 },
      { events: 10, sizeBytes: 0 },
      { events: 17, sizeBytes: 0 },
    ],
  ],
])('%s are all taken', (_what, steps) => {
  expect(takenOf(steps)).toBe(steps.length);
});
