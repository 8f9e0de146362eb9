/** Often enough that a test does not wait for nothing. */
const LOOK_EVERY_MS = 50;

let isOver = false;
afterAll(() => {
  isOver = true;
});

/**
 * Resolves with what `look` finds, once that is neither false nor undefined; jest's own limit ends a wait for what never
 * comes. Tests wait by this rather than by loops of their own: one that was given up would go on, and keep the whole run
 * from ending.
 *
 * @param everyMs 0 looks in every turn of the event loop
 */
export async function until<Found>(
  look: () => Found | Promise<Found>,
  everyMs = LOOK_EVERY_MS,
): Promise<Exclude<Found, false | undefined>> {
  for (;;) {
    const found = await look();
    if (found !== false && found !== undefined) return found as Exclude<Found, false | undefined>;
    if (isOver) throw new Error('The tests of this file are over.');
    await new Promise<void>((resolve) =>
      everyMs === 0 ? setImmediate(resolve) : setTimeout(resolve, everyMs),
    );
  }
}
