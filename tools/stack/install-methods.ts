/** Speaks to the person who waits; one line a call. */
export type Log = (line: string) => void;

/** One method to come by something. */
export interface InstallMethod<T> {
  /** As in "…: found by <name>". */
  name: string;
  /** Resolves to undefined where this method does not apply, rejects where it applies and failed. */
  find: () => Promise<T | undefined> | T | undefined;
}

/** Thrown when no method led to a server; the message lists what was tried and what came of it. */
export class NoMethodWorks extends Error {
  constructor(what: string, tried: readonly string[]) {
    super(`No way to get ${what}. Tried:\n${tried.map((line) => `  - ${line}`).join('\n')}`);
    this.name = 'NoMethodWorks';
  }
}

/**
 * The result of the first method that works, tried in order.
 *
 * @throws NoMethodWorks when none does
 */
export async function firstThatWorks<T>(
  what: string,
  methods: readonly InstallMethod<T>[],
  log: Log,
): Promise<{ value: T; method: string }> {
  const tried: string[] = [];
  for (const method of methods) {
    try {
      const value = await method.find();
      if (value !== undefined) return { value, method: method.name };
      tried.push(`${method.name}: not there`);
    } catch (error) {
      const reason = firstLine(error instanceof Error ? error.message : String(error));
      tried.push(`${method.name}: ${reason}`);
      log(`${what}: ${method.name} did not work (${reason})`);
    }
  }
  throw new NoMethodWorks(what, tried);
}

function firstLine(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
