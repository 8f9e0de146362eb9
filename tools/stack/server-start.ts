import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { GuardedProcess } from './guarded-process.js';

/**
 * Ends of a server that another start may not meet: another program may take a port between our asking for a free one and the
 * server's binding it, and Temporal's has been seen to panic where its services start out of order.
 */
const ENDED_BY_CHANCE = /in use|EADDRINUSE|^(panic|fatal error): /im;
const ATTEMPTS = 4;
const PROBE_INTERVAL_MS = 50;

/** Ports that were free on the loopback interface a moment ago, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** Whether nothing listens on these ports of the loopback interface just now. */
async function areFree(ports: readonly number[]): Promise<boolean> {
  const servers = ports.map((port) => createServer().listen(port, '127.0.0.1'));
  const listening = await Promise.allSettled(servers.map((server) => once(server, 'listening')));
  const free = listening.every(({ status }) => status === 'fulfilled');
  await Promise.all(
    servers.filter((server) => server.listening).map((server) => once(server.close(), 'close')),
  );
  return free;
}

export interface ServerStart {
  /** Ports the server needs. */
  ports: number;
  /** As many ports that are taken instead of any when all of them are free. */
  preferredPorts?: readonly number[] | undefined;
  launch: (ports: number[]) => GuardedProcess | Promise<GuardedProcess>;
  /** Resolves when the server answers; called again while it rejects. */
  probe: (ports: number[]) => Promise<void>;
  /** Give up on a server that is alive but does not answer. */
  startTimeoutSeconds: number;
}

/**
 * Starts a server on its preferred or on free ports and waits until it answers; again, on others, where it ended by chance.
 *
 * @throws Error with the tail of the server's log
 */
export async function startServer(start: ServerStart): Promise<{ process: GuardedProcess; ports: number[] }> {
  for (let attempt = 1; ; attempt += 1) {
    const { preferredPorts: preferred } = start;
    // Only at first: whoever took one of them meanwhile keeps it.
    const usual = attempt === 1 && preferred !== undefined && (await areFree(preferred));
    const ports = usual ? [...preferred] : await freePorts(start.ports);
    const process = await start.launch(ports);
    try {
      await waitUntilAnswering(process, () => start.probe(ports), start.startTimeoutSeconds);
      return { process, ports };
    } catch (error) {
      const byChance = ENDED_BY_CHANCE.test(process.logTail());
      await process.stop();
      if (!byChance || attempt === ATTEMPTS) throw error;
    }
  }
}

async function waitUntilAnswering(
  process: GuardedProcess,
  probe: () => Promise<void>,
  timeoutSeconds: number,
): Promise<void> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    if (process.hasExited()) throw new Error(`${process.name} ended at its start:\n${process.logTail()}`);
    try {
      await probe();
      // Whoever answers could be another program on the same port; ours must be alive as well.
      if (!process.hasExited()) return;
    } catch (error) {
      if (Date.now() > deadline) {
        throw new Error(`${process.name} did not answer within ${timeoutSeconds} s:\n${process.logTail()}`, {
          cause: error,
        });
      }
    }
    await delay(PROBE_INTERVAL_MS);
  }
}
