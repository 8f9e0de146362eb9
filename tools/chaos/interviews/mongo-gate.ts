import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { messageSplitter, readAnswer, readCommand, responseTo, type MongoCommand } from '../mongo-wire.js';
import type { Strike } from '../gate.js';

export interface MongoGate {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * A process's way to MongoDB that asks about each command before it is passed on.
 *
 * @param port where the server, or the link to it, is
 */
export async function openMongoGate(
  port: number,
  meet: (command: MongoCommand) => Strike | undefined,
): Promise<MongoGate> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.once('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    relay(near, far, meet);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function relay(near: Socket, far: Socket, meet: (command: MongoCommand) => Strike | undefined): void {
  const striking = new Map<number, Strike>();
  const fromClient = messageSplitter();
  const fromServer = messageSplitter();
  near.on('data', (piece: Buffer) => {
    for (const message of fromClient(piece)) {
      const command = readCommand(message);
      const strike = command === undefined ? undefined : meet(command);
      if (strike?.at === 'received') {
        strike.kill();
        return;
      }
      if (strike !== undefined && command !== undefined) striking.set(command.requestId, strike);
      far.write(message);
    }
  });
  far.on('data', (piece: Buffer) => {
    for (const message of fromServer(piece)) {
      const strike = striking.get(responseTo(message));
      striking.delete(responseTo(message));
      if (strike !== undefined && hasDone(readAnswer(message))) {
        strike.kill();
        return;
      }
      strike?.miss();
      near.write(message);
    }
  });
  near.once('close', () => {
    for (const strike of striking.values()) strike.miss();
  });
}

/** Whether a write has found what it was meant for. */
function hasDone({ ok, n, value, writeErrors }: ReturnType<typeof readAnswer>): boolean {
  return ok === 1 && writeErrors === undefined && (n === undefined ? value !== null : n > 0);
}
