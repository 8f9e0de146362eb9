import type { CliContext } from '../../../../src/commands/context.js';

/** Rejects, as what a test did not prepare does. */
export const unexpected = (what: string) => (): Promise<never> =>
  Promise.reject(new Error(`${what} was not expected here`));

/** A command's context that reaches nothing outside but what `given` names, and what the command prints there. */
export function loneContext(
  environment: Record<string, string>,
  given: Partial<CliContext>,
): { context: CliContext; out: string[]; err: string[] } {
  const out: string[] = [];
  const err: string[] = [];
  const context: CliContext = {
    terminal: {
      out: (text) => void out.push(text),
      err: (text) => void err.push(text),
      live: undefined,
      columns: 100,
    },
    readEnvironment: () => environment,
    connectRuns: unexpected('Temporal'),
    connectSchedules: unexpected('schedules'),
    openQueue: unexpected('a queue'),
    openDeadLetters: unexpected('a dead-letter queue'),
    confirm: unexpected('a question'),
    onInterrupt: () => () => undefined,
    now: () => new Date('2025-12-20T13:45:00.000Z'),
    sleep: () => Promise.resolve(),
    ...given,
  };
  return { context, out, err };
}
