import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import {
  answerOf,
  messageSplitter,
  readAnswer,
  readCommand,
  responseTo,
  resumesStream,
  type MongoCommand,
} from '../mongo-wire.js';
import type { Strike } from '../gate.js';

export interface MongoGate {
  readonly port: number;
  /**
   * Cuts every connection, and with them the process's change stream, whose place the server has then forgotten: whoever asks to go
   * on there hears so, once.
   *
   * @returns whether somebody has asked within this time
   */
  loseStream(forgotten: Forgotten, withinMs: number): Promise<boolean>;
  close(): Promise<void>;
}

/** A server's words for a place in a change stream that it does not have any more. */
export interface Forgotten {
  code: number;
  codeName: string;
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
  let lost: { forgotten: Forgotten; met: () => void } | undefined;
  const refusal = (command: MongoCommand): Buffer | undefined => {
    if (lost === undefined || !resumesStream(command)) return undefined;
    const { forgotten, met } = lost;
    lost = undefined;
    met();
    return answerOf(command.requestId, { ok: 0, errmsg: 'the place is not known any more', ...forgotten });
  };
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
    relay(near, far, { meet, refusal });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async loseStream(forgotten, withinMs) {
      let timer: NodeJS.Timeout | undefined;
      const asked = new Promise<boolean>((resolve) => {
        lost = { forgotten, met: () => resolve(true) };
        timer = setTimeout(() => resolve(false), withinMs);
      });
      for (const socket of sockets) socket.destroy();
      const isAsked = await asked;
      clearTimeout(timer);
      lost = undefined;
      return isAsked;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

interface Asked {
  meet: (command: MongoCommand) => Strike | undefined;
  /** What is answered in the server's place; undefined passes the command on. */
  refusal: (command: MongoCommand) => Buffer | undefined;
}

function relay(near: Socket, far: Socket, { meet, refusal }: Asked): void {
  const striking = new Map<number, Strike>();
  const fromClient = messageSplitter();
  const fromServer = messageSplitter();
  near.on('data', (piece: Buffer) => {
    for (const message of fromClient(piece)) {
      const command = readCommand(message);
      const refused = command && refusal(command);
      if (refused !== undefined) {
        near.write(refused);
        continue;
      }
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
