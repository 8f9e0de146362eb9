import type { SlotReserveContext } from '@temporalio/worker';
import { createMemoryGate, JOB_BYTES } from '../../../../src/pipelines/interviews/process/memory-gate.js';
import { heldSlots } from '../../../../src/workers/held-slots.js';

const LIMIT = 20 * JOB_BYTES;

/** A gate at 85 % over a memory that a test sets, in jobs. */
function gateAt(inUse: number, options: { active?: number; thresholdPercent?: number | undefined } = {}) {
  const world = { inUse, active: options.active ?? 0, nowMs: 0, recycled: 0 };
  const warnings: unknown[] = [];
  const gate = createMemoryGate({
    thresholdPercent: 'thresholdPercent' in options ? options.thresholdPercent : 85,
    mostJobs: 6,
    use: () => ({ limitBytes: LIMIT, anonymousBytes: world.inUse * JOB_BYTES }),
    active: () => world.active,
    recycle: () => (world.recycled += 1),
    log: { warn: (event, fields) => warnings.push([event, fields]) },
    now: () => world.nowMs,
  });
  gate.start();
  void gate.close();
  /** Has it look again. */
  const look = (): void => {
    gate.start();
    void gate.close();
  };
  return { gate, world, warnings, look };
}

describe('the gate of memory', () => {
  test('is open below the threshold, and shut from it on', () => {
    expect(gateAt(16.9, { active: 1 }).gate.isOpen()).toBe(true);
    expect(gateAt(17, { active: 1 }).gate.isOpen()).toBe(false);
  });

  test('counts jobs that have just begun, until they show in the memory', () => {
    const { gate, world } = gateAt(15.5, { active: 1 });
    gate.reserve();
    expect(gate.isOpen()).toBe(true);
    gate.reserve();
    expect(gate.isOpen()).toBe(false);
    world.nowMs = 20_000;
    expect(gate.isOpen()).toBe(true);
  });

  test('has the processes replaced where nothing is held, once each time that the last job has ended', () => {
    const { world, look } = gateAt(19, { active: 1 });
    expect(world.recycled).toBe(0);
    world.active = 0;
    look();
    look();
    expect(world.recycled).toBe(1);
    world.active = 1;
    look();
    world.active = 0;
    look();
    expect(world.recycled).toBe(2);
  });

  test('is no reason to stand still: where nothing is held, one job is let in, and none beside it', () => {
    const { gate, world } = gateAt(19);
    expect(world.recycled).toBe(1);
    const slots = heldSlots(3, undefined, gate);
    const take = () => slots.tryReserveSlot({} as SlotReserveContext) !== null;
    expect([take(), take()]).toEqual([true, false]);
  });

  test('says once that memory is short, with how many jobs there is memory for', () => {
    const { warnings, look } = gateAt(18, { active: 2 });
    look();
    expect(warnings).toEqual([
      ['memory_constrained', { status: 'memory_constrained', used_percent: 90, recommended_jobs: 1 }],
    ]);
  });

  test.each([
    [2, 0, 6],
    [14, 1, 4],
    [16.5, 1, 1],
    [19, 3, 1],
  ])('with %d jobs in use and %d held recommends %d', (inUse, active, recommended) => {
    expect(gateAt(inUse, { active }).gate.state().recommendedJobs).toBe(recommended);
  });

  test('has the process unready after ten minutes without memory, and ready once there is some', async () => {
    const { gate, world, look } = gateAt(18, { active: 1 });
    world.nowMs = 10 * 60_000;
    await expect(gate.check()).resolves.toBeUndefined();
    world.nowMs += 1;
    await expect(gate.check()).rejects.toThrow('ten minutes');
    world.inUse = 10;
    look();
    await expect(gate.check()).resolves.toBeUndefined();
  });

  test('tells those who wait whenever it has looked', () => {
    const { gate, look } = gateAt(18, { active: 1 });
    let told = 0;
    gate.onChange(() => (told += 1));
    look();
    expect(told).toBe(1);
  });

  test('is always open where memory is not monitored', () => {
    const { gate } = gateAt(20, { active: 3, thresholdPercent: undefined });
    expect(gate.isOpen()).toBe(true);
    expect(gate.state()).toEqual({ used: undefined, constrained: false, recommendedJobs: undefined });
  });
});
