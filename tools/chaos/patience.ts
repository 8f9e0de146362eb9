/** Runs out when nothing new was seen for a while, however long the whole takes. */
export interface Patience {
  /** Anything that changes with progress. */
  saw(progress: string): void;
  restart(): void;
  isOver(): boolean;
}

export function createPatience(seconds: number, now: () => number = () => performance.now()): Patience {
  let last: string | undefined;
  let since = now();
  const restart = (): void => {
    since = now();
  };
  return {
    saw(progress) {
      if (progress !== last) restart();
      last = progress;
    },
    restart,
    isOver: () => now() - since > seconds * 1000,
  };
}
