import { Counter, Gauge, type Registry } from 'prom-client';

/** The audio pool at one moment. */
export interface PoolUse {
  /** Processes that are there, starting ones too. */
  size: number;
  busy: number;
  /** Tasks that wait for a free process. */
  queued: number;
  /** Resident memory of all processes after their last task. */
  rssBytes: number;
}

export interface PoolMetrics {
  /** A process of the pool died, hung or could not start, and was replaced. */
  poolProcessLost(): void;
}

/** @param poolUse undefined where there is no pool: its gauges then have no value */
export function createPoolMetrics(registry: Registry, poolUse: () => PoolUse | undefined): PoolMetrics {
  const registers = [registry];
  const gauge = (name: string, help: string, read: (use: PoolUse) => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        const use = poolUse();
        if (use === undefined) this.remove();
        else this.set(read(use));
      },
    });
  };
  gauge('vachan_audio_pool_processes', 'Processes of the audio pool.', ({ size }) => size);
  gauge('vachan_audio_pool_busy', 'Processes of the pool that run a task.', ({ busy }) => busy);
  gauge('vachan_audio_pool_queued', 'Tasks that wait for a process of the pool.', ({ queued }) => queued);
  gauge(
    'vachan_audio_pool_resident_memory_bytes',
    'Memory of the pool’s processes together, after their last tasks; the worker’s own is process_resident_memory_bytes.',
    ({ rssBytes }) => rssBytes,
  );
  const lost = new Counter({
    name: 'vachan_audio_pool_restarts_total',
    help: 'Processes of the pool that died, hung or did not start, and were replaced.',
    registers,
  });
  return { poolProcessLost: () => lost.inc() };
}
