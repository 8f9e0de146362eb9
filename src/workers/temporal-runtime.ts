import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { DefaultLogger, Runtime, makeTelemetryFilterString } from '@temporalio/worker';
import type { Logger } from '../platform/logging/logger.js';

/** The server's word on who is alive is as old as this at the most, plus the server's own patience. */
const WORKER_HEARTBEAT_INTERVAL = '10 seconds';

/**
 * Sets the SDK up once a process: its warnings go into our log, its heartbeats tell the server that we live, its
 * metrics can be read.
 *
 * @returns where the SDK's metrics are, on a port of loopback that nobody else needs to know
 */
export async function installTemporalRuntime(log: Logger): Promise<string> {
  const address = `127.0.0.1:${await freeLoopbackPort()}`;
  Runtime.install({
    workerHeartbeatInterval: WORKER_HEARTBEAT_INTERVAL,
    // The process decides how it stops: see drain.
    shutdownSignals: [],
    // The native core would otherwise write lines of its own, which are not JSON.
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} },
      metrics: {
        // Names and units as Prometheus wants them: seconds, and counters that end in _total.
        prometheus: {
          bindAddress: address,
          countersTotalSuffix: true,
          unitSuffix: true,
          useSecondsForDurations: true,
        },
        attachServiceName: false,
      },
    },
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      // Inference processes have none on purpose.
      if (message.startsWith('No workflows registered')) return;
      const write = level === 'ERROR' ? log.error : log.warn;
      write('temporal_sdk', { message, ...(meta?.['error'] === undefined ? {} : { error: meta['error'] }) });
    }),
  });
  return `http://${address}/metrics`;
}

/** The SDK takes no port 0: this one was free a moment ago. */
async function freeLoopbackPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
