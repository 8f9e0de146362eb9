import type { StackPart } from './stack-part.js';

type Parts = Record<string, (() => Promise<StackPart<unknown>>) | undefined>;
type StartedOf<Start> = Start extends () => Promise<infer Part> ? Part : undefined;

/** Servers that were started side by side and all answer; what was left out is undefined. */
export interface Together<P extends Parts> {
  parts: { [Name in keyof P]: StartedOf<P[Name]> };
  /** How each was come by, for people. */
  how: Record<string, string>;
  /** Ends all of them. Any number of calls. */
  stop: () => Promise<void>;
}

/**
 * Starts servers side by side and waits until all answer. When one fails the others are ended first.
 *
 * @throws NoMethodWorks, or an Error with the tail of the log of the server that did not start
 */
export async function startTogether<P extends Parts>(wanted: P): Promise<Together<P>> {
  const started: [string, StackPart<unknown> | undefined][] = [];
  let stopping: Promise<unknown> | undefined;
  const stop = async (): Promise<void> => {
    await (stopping ??= Promise.all(started.map(async ([, part]) => part?.stop())));
  };
  const outcomes = await Promise.allSettled(
    Object.entries(wanted).map(async ([name, start]) => {
      started.push([name, await start?.()]);
    }),
  );
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  return {
    parts: Object.fromEntries(started) as Together<P>['parts'],
    how: Object.fromEntries(
      started.flatMap(([name, part]) => (part === undefined ? [] : [[name, part.how]])),
    ),
    stop,
  };
}
