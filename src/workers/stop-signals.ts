/** Ctrl-C under `npm run` comes twice within milliseconds: from the terminal, and from npm, which passes on its own. */
const ONE_CTRL_C_MS = 500;

export interface StopSignals {
  /** The first signal: begin to drain. */
  onStop: () => void;
  /** Another one, from somebody who will not wait. */
  onInsist: () => void;
}

/**
 * What to do at each SIGTERM and SIGINT: the first one stops, a later one insists. One that follows the first at once is its echo.
 *
 * @param now a clock in milliseconds that never goes back
 */
export function stopSignals(
  { onStop, onInsist }: StopSignals,
  now: () => number = () => performance.now(),
): () => void {
  let stoppedAt: number | undefined;
  return () => {
    if (stoppedAt === undefined) {
      stoppedAt = now();
      onStop();
    } else if (now() - stoppedAt >= ONE_CTRL_C_MS) {
      onInsist();
    }
  };
}
