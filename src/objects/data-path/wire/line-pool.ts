import { connect as connectTcp, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { Target } from '../endpoint.js';

/** A connection that is kept for the next request to the same place. */
export interface PooledLine {
  readonly name: string;
  readonly socket: Socket;
  readonly idleSince: number;
  /** It is taken for another request. */
  wake(): void;
}

export interface LinePool<Line extends PooledLine> {
  /** The last used of those that are idle, or a new one. */
  take(target: Omit<Target, 'path'>): Line;
  /** It is idle from now on. */
  keep(line: Line): void;
  /** Its socket is closed. */
  forget(line: Line): void;
  close(): void;
}

/** @param idleMs after which a connection is not used again; it is closed within half as much more */
export function createLinePool<Line extends PooledLine>(
  idleMs: number,
  connect: (name: string, target: Omit<Target, 'path'>, pool: LinePool<Line>) => Line,
): LinePool<Line> {
  const idle = new Map<string, Line[]>();
  const open = new Set<Line>();
  let sweeping: NodeJS.Timeout | undefined;
  const isStale = ({ idleSince }: Line): boolean => performance.now() - idleSince > idleMs;
  const sweep = (): void => {
    for (const lines of idle.values())
      for (const line of [...lines]) if (isStale(line)) line.socket.destroy();
    if (open.size > 0) return;
    clearInterval(sweeping);
    sweeping = undefined;
  };
  const pool: LinePool<Line> = {
    take(target) {
      const name = `${target.protocol}//${target.hostname}:${target.port ?? ''}`;
      // The last used first: the others may end.
      const lines = idle.get(name) ?? [];
      for (let kept = lines.pop(); kept !== undefined; kept = lines.pop()) {
        if (kept.socket.destroyed) continue;
        if (isStale(kept)) {
          // Between two rounds of the sweep: the store may be about to close it.
          kept.socket.destroy();
          continue;
        }
        kept.wake();
        return kept;
      }
      const line = connect(name, target, pool);
      open.add(line);
      return line;
    },
    keep(line) {
      const lines = idle.get(line.name);
      if (lines === undefined) idle.set(line.name, [line]);
      else lines.push(line);
      // One timer for all: a socket's own is set anew with each request.
      sweeping ??= setInterval(sweep, idleMs / 2).unref();
    },
    forget(line) {
      open.delete(line);
      const lines = idle.get(line.name) ?? [];
      const at = lines.indexOf(line);
      if (at !== -1) lines.splice(at, 1);
    },
    close() {
      for (const line of [...open]) line.socket.destroy();
      clearInterval(sweeping);
    },
  };
  return pool;
}

/**
 * Connects to where a request goes.
 *
 * @param onread where bytes land, instead of in a new buffer for each of the system's reads
 */
export function connectTo(target: Omit<Target, 'path'>, onread?: OnReadOpts): Socket {
  const { protocol, hostname } = target;
  const reading = onread === undefined ? {} : { onread };
  if (protocol === 'http:') return connectTcp({ host: hostname, port: target.port ?? 80, ...reading });
  const options: ConnectionOptions = {
    ...{ host: hostname, port: target.port ?? 443, ALPNProtocols: ['http/1.1'] },
    ...(isIP(hostname) === 0 && { servername: hostname }),
    ...reading,
  };
  return connectTls(options);
}

/** The event by which such a connection says that it can be written to. */
export function connectedEvent({ protocol }: Pick<Target, 'protocol'>): 'connect' | 'secureConnect' {
  return protocol === 'https:' ? 'secureConnect' : 'connect';
}
