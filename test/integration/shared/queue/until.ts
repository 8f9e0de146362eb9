/** Often enough that a test does not wait for nothing. */
const LOOK_EVERY_MS = 50;

let isOver = false;
afterAll(() => {
  isOver = true;
});

/** Resolves once the condition holds; jest's own limit ends a wait for what never comes. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) {
    // A test that was given up would wait on, and keep the whole run from ending.
    if (isOver) throw new Error('The tests of this file are over.');
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
