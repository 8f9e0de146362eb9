import type { SlotReserveContext } from '@temporalio/worker';
import fc from 'fast-check';
import type { SlotGate } from '../../../../src/pipelines/pipeline.js';
import { heldSlots } from '../../../../src/workers/held-slots.js';

const CONTEXT = {} as SlotReserveContext;
const NEVER = new AbortController().signal;

function slots(places: number, gate?: SlotGate) {
  let size = 0;
  let told = (): void => undefined;
  const held = {
    get size() {
      return size;
    },
    onChange: (listener: () => void) => {
      told = listener;
    },
  };
  const supplier = heldSlots(places, held, gate);
  const release = (): void => supplier.releaseSlot({ permit: {} });
  return {
    supplier,
    release,
    hold: (change: 1 | -1) => {
      size += change;
      told();
    },
    tryReserve: () => supplier.tryReserveSlot(CONTEXT) !== null,
    held: () => size,
  };
}

/** Whether a promise has settled once everything that can run now has run. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  void promise.then(
    () => (done = true),
    () => (done = true),
  );
  await new Promise((resolve) => setImmediate(resolve));
  return done;
}

describe('places for batches', () => {
  test('are given out until none is left', () => {
    const { tryReserve } = slots(2);
    expect([tryReserve(), tryReserve(), tryReserve()]).toEqual([true, true, false]);
  });

  test('stay taken after the receive, while the batch is held', () => {
    const { tryReserve, release, hold } = slots(1);
    expect(tryReserve()).toBe(true);
    hold(1);
    release();
    expect(tryReserve()).toBe(false);
    hold(-1);
    expect(tryReserve()).toBe(true);
  });

  test('are waited for until a batch ends', async () => {
    const { supplier, hold } = slots(1);
    hold(1);
    const waiting = supplier.reserveSlot(CONTEXT, NEVER);
    expect(await settled(waiting)).toBe(false);
    hold(-1);
    expect(await settled(waiting)).toBe(true);
  });

  test('go to one of those who wait, however many there are', async () => {
    const { supplier, hold } = slots(1);
    hold(1);
    const waiting = [1, 2, 3].map(() => supplier.reserveSlot(CONTEXT, NEVER));
    hold(-1);
    const done = await Promise.all(waiting.map(settled));
    expect(done.filter(Boolean)).toHaveLength(1);
  });

  test('are given out behind a shut gate for one at a time, and for all once it opens', async () => {
    const gate = { isOpen: () => false, onChange: (listener: () => void) => void (opened = listener) };
    let opened = (): void => undefined;
    const { supplier, tryReserve, release, hold } = slots(3, gate);
    expect([tryReserve(), tryReserve()]).toEqual([true, false]);
    hold(1);
    release();
    expect(tryReserve()).toBe(false);
    const waiting = supplier.reserveSlot(CONTEXT, NEVER);
    hold(-1);
    await waiting;
    const second = supplier.reserveSlot(CONTEXT, NEVER);
    expect(await settled(second)).toBe(false);
    gate.isOpen = () => true;
    opened();
    expect(await settled(second)).toBe(true);
  });

  test('are no longer waited for once the worker gives up', async () => {
    const { supplier, hold, tryReserve } = slots(1);
    hold(1);
    const stop = new AbortController();
    const waiting = supplier.reserveSlot(CONTEXT, stop.signal);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    hold(-1);
    expect(tryReserve()).toBe(true);
  });

  test('permits and batches together never exceed the places, whatever happens in which order', () => {
    const step = fc.constantFrom('reserve', 'received', 'empty', 'done');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 60 }), (places, steps) => {
        const { tryReserve, release, hold, held } = slots(places);
        let permits = 0;
        for (const next of steps) {
          if (next === 'reserve' && tryReserve()) permits++;
          if (next === 'received' && permits > 0) {
            // The batch is held before its permit is released; for that moment it counts twice.
            hold(1);
            release();
            permits--;
          }
          if (next === 'empty' && permits > 0) {
            release();
            permits--;
          }
          if (next === 'done' && held() > 0) hold(-1);
          expect(permits + held()).toBeLessThanOrEqual(places);
        }
      }),
    );
  });
});
