import type { RandomAccess } from '../archive/random-access.js';

/** What one file has taken so far. Seconds of things that go on at once add up to more than the wall clock's. */
export interface WorkMeter {
  bytes: { downloaded: number; inflated: number; uploaded: number };
  seconds: { download: number; inflate: number; upload: number };
}

export function createWorkMeter(): WorkMeter {
  return {
    bytes: { downloaded: 0, inflated: 0, uploaded: 0 },
    seconds: { download: 0, inflate: 0, upload: 0 },
  };
}

/** Adds the seconds that work takes to one of the meter's. */
export async function timed<T>(
  meter: WorkMeter,
  of: keyof WorkMeter['seconds'],
  work: () => Promise<T>,
): Promise<T> {
  const started = performance.now();
  try {
    return await work();
  } finally {
    meter.seconds[of] += (performance.now() - started) / 1_000;
  }
}

/** The same bytes, with the waits for them on the meter. */
export function meteredAccess(source: RandomAccess, meter: WorkMeter): RandomAccess {
  return {
    size: source.size,
    read: (start, end, signal) => timed(meter, 'download', () => source.read(start, end, signal)),
    stream: (start, end, signal) => meteredChunks(source.stream(start, end, signal), meter, 'download'),
    close: () => source.close(),
  };
}

export async function* meteredChunks(
  chunks: AsyncIterable<Buffer>,
  meter: WorkMeter,
  of: keyof WorkMeter['seconds'],
): AsyncGenerator<Buffer> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      const chunk = await timed(meter, of, () => iterator.next());
      if (chunk.done === true) return;
      yield chunk.value;
    }
  } finally {
    await iterator.return?.();
  }
}
