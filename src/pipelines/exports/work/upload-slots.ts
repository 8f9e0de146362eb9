/** Uploads that go on side by side. The first one that fails is heard by whoever waits, then or later. */
export interface UploadSlots {
  /** Resolves when another one may start. @throws what one has failed with */
  free(): Promise<void>;
  start(upload: Promise<void>): void;
  /** Resolves when all have ended. @throws what one has failed with */
  done(): Promise<void>;
  /** The same, whatever they ended with. */
  ended(): Promise<void>;
}

/**
 * @param count of uploads at once
 * @param onFailure told of each one that fails, at once
 */
export function createUploadSlots(count: number, onFailure: (error: unknown) => void): UploadSlots {
  let running = 0;
  let failure: { error: unknown } | undefined;
  let wake = (): void => undefined;
  // One waits at a time. A race of all uploads would leave a callback at each of them, every time.
  const until = async (isReached: () => boolean): Promise<void> => {
    while (!isReached()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const throwFailure = (): void => {
    if (failure !== undefined) throw failure.error;
  };
  return {
    async free() {
      await until(() => running < count || failure !== undefined);
      throwFailure();
    },
    start(upload) {
      running++;
      upload
        .catch((error: unknown) => {
          failure ??= { error };
          onFailure(error);
        })
        .finally(() => {
          running--;
          wake();
        });
    },
    async done() {
      await until(() => running === 0);
      throwFailure();
    },
    ended: () => until(() => running === 0),
  };
}
