const steps = new WeakMap<object, string>();

/** Notes which step an error ended. */
export function noteStep(error: unknown, step: string): void {
  if (typeof error === 'object' && error !== null) steps.set(error, step);
}

/** @returns undefined where the activity is one step */
export function stepOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null ? steps.get(error) : undefined;
}
