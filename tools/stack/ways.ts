/** Speaks to the person who waits; one line a call. */
export type Log = (line: string) => void;

/** One way to come by something. */
export interface Way<T> {
  /** As in "…: found by <name>". */
  name: string;
  /** Resolves to undefined where this way does not apply, rejects where it applies and failed. */
  find: () => Promise<T | undefined> | T | undefined;
}

/** Thrown when no way led to a server; the message lists what was tried and what came of it. */
export class NoWayFound extends Error {
  constructor(what: string, tried: readonly string[]) {
    super(`No way to get ${what}. Tried:\n${tried.map((line) => `  - ${line}`).join('\n')}`);
    this.name = 'NoWayFound';
  }
}

/**
 * The result of the first way that works, tried in order.
 *
 * @throws NoWayFound when none does
 */
export async function firstWay<T>(
  what: string,
  ways: readonly Way<T>[],
  log: Log,
): Promise<{ value: T; way: string }> {
  const tried: string[] = [];
  for (const way of ways) {
    try {
      const value = await way.find();
      if (value !== undefined) return { value, way: way.name };
      tried.push(`${way.name}: not there`);
    } catch (error) {
      const reason = firstLine(error instanceof Error ? error.message : String(error));
      tried.push(`${way.name}: ${reason}`);
      log(`${what}: ${way.name} did not work (${reason})`);
    }
  }
  throw new NoWayFound(what, tried);
}

function firstLine(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
