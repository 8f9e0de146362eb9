import type { OutTask } from '../../../../src/activities/exports/dispatch-state.js';
import { findLost } from '../../../../src/activities/exports/lost-tasks.js';

const JOB = { source: 'default', export_id: 'x' };
const VISIBILITY_MS = 120_000;
const SENT = Date.parse('2026-11-27T10:00:00.000Z');

function setup({ visible = 0, delayed = 0, running = [] as string[] } = {}) {
  const task: OutTask = { first: 0, last: 3, sent_at: new Date(SENT).toISOString(), again: 0 };
  const asked: string[] = [];
  const queue = { visible, delayed, in_flight: 5 };
  const passed = { by: 0 };
  const held = { unclaimed: false };
  const look = (secondsLater: number) =>
    findLost(JOB, [task], {
      depth: () => {
        asked.push('depth');
        return Promise.resolve(queue);
      },
      cameThroughMs: passed.by === 0 ? 0 : SENT + passed.by * 1000,
      runs: {
        isRunning: (id) => {
          asked.push(id);
          return Promise.resolve(running.includes(id));
        },
      },
      isAnyUnclaimed: () => {
        asked.push('unclaimed');
        return Promise.resolve(held.unclaimed);
      },
      visibilityTimeoutMs: VISIBILITY_MS,
      now: SENT + secondsLater * 1000,
    });
  return { task, asked, queue, passed, held, running, look };
}

test('a task that was just sent is not missed, and nothing is asked', async () => {
  const { look, asked } = setup();
  expect(await look(60)).toEqual({ again: [], givenUp: [] });
  expect(asked).toEqual([]);
});

test('a task is sent again once it was seen nowhere for twice the visibility timeout', async () => {
  const { look, task } = setup();
  expect((await look(120)).again).toEqual([]);
  expect((await look(239)).again).toEqual([]);
  expect((await look(240)).again).toEqual([task]);
});

test('one that waits in a long queue is not lost, however old it is, and Temporal is not asked', async () => {
  const { look, passed, asked } = setup({ visible: 1 });
  passed.by = -1;
  for (const later of [120, 3_600, 86_400]) expect((await look(later)).again).toEqual([]);
  expect(asked).toEqual(['depth', 'depth', 'depth']);
});

describe('in a queue that is never empty', () => {
  test('a task is lost once one has come through that was sent a timeout after it was missed', async () => {
    const { look, passed, task } = setup({ visible: 1_000 });
    passed.by = 60;
    expect((await look(300)).again).toEqual([]);
    // Whoever had received it by 300 has let go of it by 420.
    passed.by = 419;
    expect((await look(600)).again).toEqual([]);
    passed.by = 420;
    expect((await look(900)).again).toEqual([task]);
  });

  test('one that runs meanwhile is missed anew', async () => {
    const { look, passed, running } = setup({ visible: 1_000 });
    passed.by = 60;
    await look(300);
    running.push('export-task:default:x:0');
    passed.by = 700;
    expect((await look(800)).again).toEqual([]);
    running.pop();
    expect((await look(900)).again).toEqual([]);
    passed.by = 1_020;
    expect((await look(1_200)).again).toHaveLength(1);
  });

  test('an orchestrator that knows nothing of the queue forgets nothing that another one has seen', async () => {
    const { look, passed } = setup({ visible: 1_000 });
    passed.by = 60;
    await look(300);
    passed.by = 0;
    await look(360);
    passed.by = 420;
    expect((await look(500)).again).toHaveLength(1);
  });

  test('it is given up after three times', async () => {
    const { look, passed, task } = setup({ visible: 1_000 });
    task.again = 3;
    passed.by = 60;
    await look(300);
    passed.by = 500;
    expect(await look(600)).toEqual({ again: [], givenUp: [task] });
  });
});

test('one that runs is not lost', async () => {
  const { look } = setup({ running: ['export-task:default:x:0'] });
  for (const later of [120, 3_600, 86_400]) expect((await look(later)).again).toEqual([]);
});

test('one that showed up in between is missed for twice the timeout anew', async () => {
  const { look, queue } = setup();
  await look(120);
  queue.visible = 1;
  await look(180);
  queue.visible = 0;
  expect((await look(300)).again).toEqual([]);
  expect((await look(420)).again).toHaveLength(1);
});

test('after three times it is given up', async () => {
  const { look, task } = setup();
  task.again = 3;
  await look(120);
  expect(await look(240)).toEqual({ again: [], givenUp: [task] });
});

test('none is given up while somebody holds a message whose task does not run, and one is once nobody does', async () => {
  const { look, task, held, asked } = setup();
  task.again = 3;
  held.unclaimed = true;
  for (const later of [120, 240, 3_600]) expect(await look(later)).toEqual({ again: [], givenUp: [] });
  held.unclaimed = false;
  expect(await look(3_660)).toEqual({ again: [], givenUp: [task] });
  // Not before one would be given up.
  expect(asked.filter((one) => one === 'unclaimed')).toHaveLength(3);
});

test('one that was sent less often is sent again all the same: another process may do better', async () => {
  const { look, task, held } = setup();
  held.unclaimed = true;
  await look(120);
  expect((await look(240)).again).toEqual([task]);
});
