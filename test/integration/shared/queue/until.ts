/** Often enough that a test does not wait for nothing. */
const LOOK_EVERY_MS = 50;

/** Resolves once the condition holds; jest's own limit ends a wait for what never comes. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
}
