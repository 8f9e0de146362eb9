import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { BSON } from 'mongodb';
import {
  answerOf,
  messageSplitter,
  readAnswer,
  readWrite,
  responseTo,
  type WriteCommand,
} from '../mongo-wire.js';
import type { Random } from '../random.js';

/** What goes wrong with writes for now; reads pass. */
export interface MongoTrouble {
  kind: 'refuses_writes' | 'half_bulk';
  random: Random;
}

/** A way to MongoDB that understands writes, and refuses them when told to. */
export interface MongoProxy {
  readonly port: number;
  trouble: MongoTrouble | undefined;
  close(): Promise<void>;
}

/** Of a bulk's statements, so many are refused. */
const REFUSED_SHARE = 0.4;
/** Of bulks that went through, so many lack the majority's word. */
const NO_MAJORITY_SHARE = 0.2;

/** What a server says that cannot write: its disk is full, or it has just stepped down. */
const REFUSALS: readonly BSON.Document[] = [
  { ok: 0, code: 14_031, codeName: 'OutOfDiskSpace', errmsg: 'No space left on device' },
  { ok: 0, code: 10_107, codeName: 'NotWritablePrimary', errmsg: 'not primary' },
];
/** Codes of single refused writes: a conflict, which a second attempt fixes, and one that nobody knows. */
const STATEMENT_CODES = [11_000, 8];
const NO_MAJORITY = {
  code: 64,
  codeName: 'WriteConcernTimeout',
  errmsg: 'waiting for replication timed out',
};

/** Opens the proxy; `target` is asked at each connection, since a restarted server has another port. */
export async function openMongoProxy(target: () => number): Promise<MongoProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target(), '127.0.0.1');
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
    relay(near, far, () => proxy.trouble);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: MongoProxy = {
    port: (server.address() as AddressInfo).port,
    trouble: undefined,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  return proxy;
}

/** A bulk of which a part was forwarded: which places went through, and what to say of the others. */
interface Halved {
  kept: number[];
  refused: { index: number; code: number }[];
  majority: boolean;
}

function relay(near: Socket, far: Socket, trouble: () => MongoTrouble | undefined): void {
  const halved = new Map<number, Halved>();
  const fromClient = messageSplitter();
  const fromServer = messageSplitter();
  near.on('data', (piece: Buffer) => {
    for (const message of fromClient(piece)) {
      const now = trouble();
      const write = now === undefined ? undefined : readWrite(message);
      if (now === undefined || write === undefined) far.write(message);
      else if (now.kind === 'refuses_writes')
        near.write(answerOf(write.requestId, now.random.pick(REFUSALS)));
      else halve(write, message, now.random);
    }
  });
  far.on('data', (piece: Buffer) => {
    for (const message of fromServer(piece)) {
      const half = halved.get(responseTo(message));
      halved.delete(responseTo(message));
      near.write(
        half === undefined ? message : answerOf(responseTo(message), mendedAnswer(readAnswer(message), half)),
      );
    }
  });

  function halve(write: WriteCommand, message: Buffer, random: Random): void {
    const { statements } = write;
    if (statements === undefined || statements.length < 2) {
      far.write(message);
      return;
    }
    const refused: Halved['refused'] = [];
    const kept: number[] = [];
    for (const index of statements.keys()) {
      if (random.next() < REFUSED_SHARE) refused.push({ index, code: random.pick(STATEMENT_CODES) });
      else kept.push(index);
    }
    const half: Halved = { kept, refused, majority: random.next() >= NO_MAJORITY_SHARE };
    if (kept.length === 0) {
      near.write(answerOf(write.requestId, mendedAnswer({ ok: 1, n: 0, nModified: 0 }, half)));
      return;
    }
    halved.set(write.requestId, half);
    far.write(write.withStatements(statements.filter((_, index) => kept.includes(index))));
  }
}

function mendedAnswer(answer: BSON.Document, { kept, refused, majority }: Halved): BSON.Document {
  const placed = (entries: unknown): BSON.Document[] =>
    ((entries ?? []) as BSON.Document[]).map((entry) => ({ ...entry, index: kept[Number(entry['index'])] }));
  const errors = refused.map(({ index, code }) => ({ index, code, errmsg: 'refused on purpose' }));
  const upserted = placed(answer['upserted']);
  return {
    ...answer,
    ...(upserted.length > 0 && { upserted }),
    ...(errors.length > 0 && { writeErrors: [...placed(answer['writeErrors']), ...errors] }),
    ...(!majority && { writeConcernError: NO_MAJORITY }),
  };
}
