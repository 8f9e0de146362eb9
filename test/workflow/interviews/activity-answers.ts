import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

/** Fails for good, as an activity does that no try of its own can help. */
export const refusal = (type: string): never => {
  throw ApplicationFailure.nonRetryable(`refused as ${type}`, type);
};

/** An activity that answers as `first` does when it is called so many times, and as `later` does from then on. */
export function atFirst<Args extends unknown[], Answer>(
  times: number,
  first: () => Promise<Answer>,
  later: (...args: Args) => Promise<Answer>,
): (...args: Args) => Promise<Answer> {
  let calls = 0;
  return (...args) => {
    calls += 1;
    return calls <= times ? first() : later(...args);
  };
}

/** Lasts until the attempt is cancelled or ends otherwise, and says meanwhile that it lives. */
export async function untilCancelled(): Promise<never> {
  const context = Context.current();
  // One that nobody cancels any more, its worker being gone, must not keep the run from ending.
  const beat = setInterval(() => context.heartbeat(), 50).unref();
  try {
    return await context.cancelled;
  } finally {
    clearInterval(beat);
  }
}
