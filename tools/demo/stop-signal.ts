/** Conventional exit code of a program ended by Ctrl-C. */
export const INTERRUPTED_EXIT_CODE = 130;

/** Resolves at the first signal to stop. */
export function stopSignal(): Promise<'stop'> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => done('stop'));
  });
}
