import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/** A way to a server over TCP that can be cut, black-holed and slowed; its own port stays the same for good. */
export interface Link {
  readonly port: number;
  /** Where new connections lead from now on: a restarted server has another port. */
  leadTo(port: number): void;
  /** Resets every connection, and each new one at once, until {@link heal}. */
  cut(): void;
  /**
   * Swallows everything until {@link heal}. Connections that were open stay dead afterwards, without a word, as
   * behind a router that has forgotten them; only new ones go through.
   */
  blackHole(): void;
  /** Holds up each piece, in both directions, until {@link heal}. */
  slow(milliseconds: number): void;
  heal(): void;
  close(): Promise<void>;
}

interface Pair {
  near: Socket;
  far: Socket | undefined;
  dead: boolean;
}

/** Opens a link to a port on loopback. */
export async function openLink(firstTarget: number): Promise<Link> {
  const pairs = new Set<Pair>();
  let target = firstTarget;
  let mode: 'open' | 'cut' | 'black_hole' = 'open';
  let delayMs = 0;

  /** One direction; a pair that is dead swallows what comes. */
  const piece = (pair: Pair): Transform =>
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        const pass = (): void => (pair.dead ? done() : done(null, chunk));
        if (delayMs === 0) pass();
        else setTimeout(pass, delayMs);
      },
    });

  const server = createServer((near) => {
    near.on('error', () => undefined);
    if (mode === 'cut') {
      near.resetAndDestroy();
      return;
    }
    const pair: Pair = { near, far: undefined, dead: mode === 'black_hole' };
    pairs.add(pair);
    near.once('close', () => {
      pairs.delete(pair);
      pair.far?.destroy();
    });
    if (pair.dead) {
      near.resume();
      return;
    }
    const far = connect(target, '127.0.0.1');
    pair.far = far;
    far.on('error', () => undefined);
    far.once('close', () => {
      if (!pair.dead) near.destroy();
    });
    near.pipe(piece(pair)).pipe(far);
    far.pipe(piece(pair), { end: true }).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    leadTo(port) {
      target = port;
    },
    cut() {
      mode = 'cut';
      for (const { near } of pairs) near.resetAndDestroy();
    },
    blackHole() {
      mode = 'black_hole';
      for (const pair of pairs) {
        pair.dead = true;
        // Its end must not reach the other side.
        pair.near.unpipe();
        pair.near.resume();
        pair.far?.unpipe();
        pair.far?.resume();
      }
    },
    slow(milliseconds) {
      delayMs = milliseconds;
    },
    heal() {
      mode = 'open';
      delayMs = 0;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const { near, far } of pairs) {
        near.destroy();
        far?.destroy();
      }
      await closed;
    },
  };
}

/** Several links that are cut, slowed and healed as one. */
export function joinLinks(links: readonly Link[]): Pick<Link, 'cut' | 'blackHole' | 'slow' | 'heal'> {
  const each =
    <Args extends unknown[]>(what: (link: Link, ...args: Args) => void) =>
    (...args: Args): void => {
      for (const link of links) what(link, ...args);
    };
  return {
    cut: each((link) => link.cut()),
    blackHole: each((link) => link.blackHole()),
    slow: each((link, milliseconds: number) => link.slow(milliseconds)),
    heal: each((link) => link.heal()),
  };
}
