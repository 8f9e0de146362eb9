import { BSON } from 'mongodb';

/** Length, request id, response to, opcode: four numbers of four bytes. */
const HEADER_BYTES = 16;
const OP_MSG = 2013;
const CHECKSUM_PRESENT = 1;

/** A write command of MongoDB's wire protocol, as far as the proxy looks at it. */
export interface WriteCommand {
  requestId: number;
  /** `update`, `insert`, `delete`, … */
  name: string;
  collection: string;
  /** Its statements, undecoded; undefined where the client sent them otherwise. */
  statements: Buffer[] | undefined;
  /** The same command with some of its statements only. */
  withStatements(kept: readonly Buffer[]): Buffer;
}

const WRITES = ['update', 'insert', 'delete', 'findAndModify'];

/** Splits a stream into messages; what is left of the last one waits for the next piece. */
export function messageSplitter(): (piece: Buffer) => Buffer[] {
  let rest = Buffer.alloc(0);
  return (piece) => {
    rest = Buffer.concat([rest, piece]);
    const messages: Buffer[] = [];
    while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
      const length = rest.readInt32LE(0);
      messages.push(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
    return messages;
  };
}

export const responseTo = (message: Buffer): number => message.readInt32LE(8);

/** @returns undefined for anything but a write */
export function readWrite(message: Buffer): WriteCommand | undefined {
  if (message.readInt32LE(12) !== OP_MSG) return undefined;
  const flags = message.readUInt32LE(HEADER_BYTES);
  if ((flags & CHECKSUM_PRESENT) !== 0) return undefined;
  let command: BSON.Document | undefined;
  let sequence: { start: number; end: number; statements: Buffer[] } | undefined;
  for (let at = HEADER_BYTES + 4; at < message.length;) {
    const kind = message.readUInt8(at);
    const size = message.readInt32LE(at + 1);
    const end = at + 1 + size;
    if (kind === 0) command = BSON.deserialize(message.subarray(at + 1, end));
    else {
      const nameEnd = message.indexOf(0, at + 5);
      sequence = { start: at, end, statements: documents(message.subarray(nameEnd + 1, end)) };
    }
    at = end;
  }
  const name = Object.keys(command ?? {})[0] ?? '';
  if (!WRITES.includes(name)) return undefined;
  return {
    requestId: message.readInt32LE(4),
    name,
    collection: String(command?.[name]),
    statements: sequence?.statements,
    withStatements(kept) {
      if (sequence === undefined) return message;
      const nameEnd = message.indexOf(0, sequence.start + 5) + 1;
      const head = Buffer.from(message.subarray(sequence.start, nameEnd));
      const body = Buffer.concat(kept);
      head.writeInt32LE(head.length - 1 + body.length, 1);
      const whole = Buffer.concat([
        message.subarray(0, sequence.start),
        head,
        body,
        message.subarray(sequence.end),
      ]);
      whole.writeInt32LE(whole.length, 0);
      return whole;
    },
  };
}

function documents(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = bytes.readInt32LE(at);
    found.push(bytes.subarray(at, at + size));
    at += size;
  }
  return found;
}

/** A command with what it is about: the statements of a write, or the command's own document. */
export interface MongoCommand {
  requestId: number;
  /** `find`, `update`, `insert`, … */
  name: string;
  collection: string;
  documents: BSON.Document[];
}

/** @returns undefined for what is no command of OP_MSG */
export function readCommand(message: Buffer): MongoCommand | undefined {
  if (message.readInt32LE(12) !== OP_MSG) return undefined;
  let command: BSON.Document = {};
  let statements: BSON.Document[] | undefined;
  for (let at = HEADER_BYTES + 4; at < message.length;) {
    const end = at + 1 + message.readInt32LE(at + 1);
    if (message.readUInt8(at) === 0) command = BSON.deserialize(message.subarray(at + 1, end));
    else {
      const from = message.indexOf(0, at + 5) + 1;
      statements = documents(message.subarray(from, end)).map((one) => BSON.deserialize(one));
    }
    at = end;
  }
  const name = Object.keys(command)[0] ?? '';
  // Clients send a few statements within the command, and many behind it.
  const within = (command['updates'] ?? command['documents']) as BSON.Document[] | undefined;
  return {
    requestId: message.readInt32LE(4),
    ...{ name, collection: String(command[name]), documents: statements ?? within ?? [command] },
  };
}

/** A server's answer. */
export function answerOf(requestId: number, document: BSON.Document): Buffer {
  const body = BSON.serialize(document);
  const message = Buffer.alloc(HEADER_BYTES + 5 + body.length);
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(0, 4);
  message.writeInt32LE(requestId, 8);
  message.writeInt32LE(OP_MSG, 12);
  Buffer.from(body).copy(message, HEADER_BYTES + 5);
  return message;
}

/**
 * Whether a command asks for a change stream to go on where another one, of the same client, has stopped.
 *
 * MongoDB, "Change Streams": `resumeAfter`, `startAfter` and `startAtOperationTime` of the `$changeStream` stage.
 */
export function resumesStream({ name, documents }: MongoCommand): boolean {
  const [first] = (documents[0]?.['pipeline'] ?? []) as BSON.Document[];
  const stage = first?.['$changeStream'] as BSON.Document | undefined;
  return name === 'aggregate' && stage !== undefined && PLACES.some((place) => stage[place] !== undefined);
}

const PLACES = ['resumeAfter', 'startAfter', 'startAtOperationTime'];

/** The document of an answer. */
export const readAnswer = (message: Buffer): BSON.Document =>
  BSON.deserialize(message.subarray(HEADER_BYTES + 5));
