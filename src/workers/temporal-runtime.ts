import { DefaultLogger, Runtime, makeTelemetryFilterString } from '@temporalio/worker';
import type { Logger } from '../platform/logging/logger.js';

/** The server's word on who is alive is as old as this at the most, plus the server's own patience. */
const WORKER_HEARTBEAT_INTERVAL = '10 seconds';

/** Sets the SDK up once a process: its warnings go into our log, its heartbeats tell the server that we live. */
export function installTemporalRuntime(log: Logger): void {
  Runtime.install({
    workerHeartbeatInterval: WORKER_HEARTBEAT_INTERVAL,
    // The process decides how it stops: see drain.
    shutdownSignals: [],
    // The native core would otherwise write lines of its own, which are not JSON.
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} },
    },
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      // Inference processes have none on purpose.
      if (message.startsWith('No workflows registered')) return;
      const write = level === 'ERROR' ? log.error : log.warn;
      write('temporal_sdk', { message, ...(meta?.['error'] === undefined ? {} : { error: meta['error'] }) });
    }),
  });
}
