/** How often the event loop says that it turns. */
const BEAT_EVERY_MS = 500;

/** Counts the turns of this thread's event loop where another thread can see them. */
export interface LoopPulse {
  /** To be read with {@link watchPulse} in the other thread. */
  readonly beats: SharedArrayBuffer;
  stop(): void;
}

export function startLoopPulse(): LoopPulse {
  const beats = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const count = new Int32Array(beats);
  const timer = setInterval(() => Atomics.add(count, 0, 1), BEAT_EVERY_MS);
  timer.unref();
  return { beats, stop: () => clearInterval(timer) };
}

/**
 * Looks at another thread's pulse as often as it beats.
 *
 * @param now milliseconds of a clock that never goes back
 * @returns what tells, in milliseconds, for how long that loop has not been seen to turn
 */
export function watchPulse(
  beats: SharedArrayBuffer,
  now: () => number = () => performance.now(),
): () => number {
  const count = new Int32Array(beats);
  let last = { beat: Atomics.load(count, 0), at: now() };
  const look = (): number => {
    const beat = Atomics.load(count, 0);
    if (beat !== last.beat) last = { beat, at: now() };
    return now() - last.at;
  };
  // Whoever asks once an hour must not take an old beat for a new one.
  setInterval(look, BEAT_EVERY_MS).unref();
  return look;
}
