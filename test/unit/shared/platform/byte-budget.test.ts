import { createByteBudget, type ByteBudget, type ByteHold } from '#vachan/platform/byte-budget.js';

/** Takes, and says whether it has been given the bytes by now. */
function taking(budget: ByteBudget, bytes: number, rank = 0, signal?: AbortSignal) {
  const state: { hold: ByteHold | undefined; error: unknown } = { hold: undefined, error: undefined };
  const done = budget.take(bytes, { rank, signal }).then(
    (hold) => void (state.hold = hold),
    (error: unknown) => void (state.error = error),
  );
  return { state, done };
}
/** Grants reach who waits in a microtask. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the byte budget', () => {
  it('gives bytes while they fit, and then in the order of asking', async () => {
    const budget = createByteBudget(100);
    const [first, second, third] = [taking(budget, 60), taking(budget, 60), taking(budget, 10)];
    await settle();
    expect([first.state.hold?.bytes, second.state.hold, third.state.hold]).toEqual([
      60,
      undefined,
      undefined,
    ]);
    expect(budget).toMatchObject({ heldBytes: 60, waiting: 2 });

    first.state.hold?.release();
    first.state.hold?.release();
    await settle();
    expect([second.state.hold?.bytes, third.state.hold?.bytes]).toEqual([60, 10]);
    expect(budget).toMatchObject({ heldBytes: 70, waiting: 0 });
  });

  it('gives more than all of it to one at a time', async () => {
    const budget = createByteBudget(100);
    const small = taking(budget, 1);
    const large = taking(budget, 500);
    const next = taking(budget, 500);
    await settle();
    expect(large.state.hold).toBeUndefined();
    small.state.hold?.release();
    await settle();
    expect([large.state.hold?.bytes, next.state.hold]).toEqual([500, undefined]);
    large.state.hold?.release();
    await settle();
    expect(next.state.hold?.bytes).toBe(500);
  });

  it('lets go of a request whose signal aborts, and serves those behind it', async () => {
    const budget = createByteBudget(100);
    const abort = new AbortController();
    taking(budget, 50);
    const blocking = taking(budget, 100, 0, abort.signal);
    const behind = taking(budget, 50);
    await settle();
    expect(behind.state.hold).toBeUndefined();
    abort.abort(new Error('enough'));
    await settle();
    expect(blocking.state.error).toEqual(new Error('enough'));
    expect(behind.state.hold?.bytes).toBe(50);
    const late = taking(budget, 1, 0, abort.signal);
    await settle();
    expect(late.state.error).toEqual(new Error('enough'));
  });

  it('goes on at a higher rank where all is held by those who wait for it', async () => {
    const budget = createByteBudget(100);
    const readers = [taking(budget, 50), taking(budget, 50)];
    const parts = [taking(budget, 40, 1), taking(budget, 40, 1)];
    const another = taking(budget, 50);
    await settle();
    expect(parts.map(({ state }) => state.hold?.bytes)).toEqual([40, undefined]);
    parts[0]?.state.hold?.release();
    await settle();
    expect(parts[1]?.state.hold?.bytes).toBe(40);
    parts[1]?.state.hold?.release();
    await settle();
    expect(another.state.hold).toBeUndefined();
    readers[0]?.state.hold?.release();
    await settle();
    expect(another.state.hold?.bytes).toBe(50);
  });

  it('never stops, whatever pieces of work ask of it at their ranks', async () => {
    const budget = createByteBudget(64);
    let random = 7;
    const next = (): number => (random = (random * 48_271) % 2_147_483_647);
    const work = async (): Promise<void> => {
      const holds: ByteHold[] = [];
      for (let rank = 0; rank < 3; rank++) {
        holds.push(await budget.take(1 + (next() % 90), { rank }));
        await settle();
        expect(budget.heldBytes).toBeLessThanOrEqual(64 + 3 * 90);
      }
      for (const hold of holds) hold.release();
    };
    await Promise.all(Array.from({ length: 200 }, work));
    expect(budget).toMatchObject({ heldBytes: 0, waiting: 0 });
  });
});
