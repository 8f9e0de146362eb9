import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { countRequest, createTurns, newUse, recentRequests, type Use } from './connection-turns.js';
import { PacedConnection } from './paced-connection.js';

/** What one server takes on, however many ask it and however they behave. */
export interface ServerBounds {
  /** Connections at one time, but for a turn of the event loop; a further one takes the place of the greediest. */
  connections: number;
  /** Answers on one connection, which is closed with the last. */
  requestsPerConnection: number;
  /** Requests of one connection in a second; what comes behind them is not read until the next. */
  requestsPerSecond: number;
  /** Requests of one connection that may be unanswered; what comes behind them is not read. */
  pipelined: number;
  /** What is read of a connection at a time: in a flood, so many bytes of the smallest requests there can be. */
  sliceBytes: number;
  /** Request line and headers. */
  headerBytes: number;
  /** From a request's first byte until its headers are there. */
  headersSeconds: number;
  /** … until all of it is there. */
  requestSeconds: number;
  /** From a request until its answer is read by the client. */
  answerSeconds: number;
  /** How long a connection may wait for its next request. */
  idleSeconds: number;
}

/** A probe, a scraper and a few dashboards need a tenth of each; what they are there for answers within 10 s. */
export const SERVER_BOUNDS: ServerBounds = {
  connections: 128,
  requestsPerConnection: 1_000,
  requestsPerSecond: 10,
  pipelined: 4,
  sliceBytes: 256,
  headerBytes: 8 * 1024,
  headersSeconds: 5,
  requestSeconds: 10,
  answerSeconds: 30,
  // Above the 15 s at which Prometheus usually asks.
  idleSeconds: 30,
};

/** Of the connections' bound: what may be open until it is known who has sent what. */
const MOST_AT_ONCE = 4;

/** How often Node looks for requests that take too long. */
const CHECK_EVERY_MS = 1_000;

/**
 * An HTTP server that cannot be filled up, and that a flood keeps nobody else from: Node's own has no bound on pipelined requests, none
 * on the time a client takes to read its answer, and turns newcomers away when its places are taken.
 */
export function createBoundedServer(listener: RequestListener, bounds: ServerBounds = SERVER_BOUNDS): Server {
  const open = new Map<Duplex, Use>();
  const turns = createTurns(bounds, open);
  const server = createServer(
    {
      maxHeaderSize: bounds.headerBytes,
      headersTimeout: bounds.headersSeconds * 1000,
      requestTimeout: bounds.requestSeconds * 1000,
      keepAliveTimeout: bounds.idleSeconds * 1000,
      connectionsCheckingInterval: CHECK_EVERY_MS,
    },
    (request, response) => {
      const connection: Duplex = request.socket;
      const use = open.get(connection);
      // Node goes on with what it had parsed before the connection was closed.
      if (use === undefined) return;
      countRequest(use);
      if (use.requests >= bounds.requestsPerConnection) response.shouldKeepAlive = false;
      // A client that does not read, or a drop at a time, holds its answer in our memory.
      const late = setTimeout(() => connection.destroy(), bounds.answerSeconds * 1000);
      late.unref();
      response.once('close', () => {
        clearTimeout(late);
        use.unanswered--;
      });
      listener(request, response);
    },
  );

  let closing = false;
  /** All that a busy loop accepts in one turn are alike until their bytes have been read, in the next. */
  const closeSoon = (): void => {
    if (closing) return;
    closing = true;
    setImmediate(() =>
      setImmediate(() => {
        closing = false;
        while (open.size > bounds.connections) closeGreediest(open, bounds.pipelined);
      }),
    );
  };

  // Node's server takes any stream for a connection.
  const takeIn = server.listeners('connection') as ((connection: Duplex) => void)[];
  server.removeAllListeners('connection');
  server.on('connection', (raw: Socket) => {
    const connection = new PacedConnection(raw, bounds.sliceBytes, turns.queue);
    open.set(connection, newUse());
    connection.once('close', () => open.delete(connection));
    for (const take of takeIn) take.call(server, connection);
    if (open.size > MOST_AT_ONCE * bounds.connections) closeGreediest(open, bounds.pipelined);
    else if (open.size > bounds.connections) closeSoon();
  });
  return server;
}

/**
 * Whoever holds many connections must not keep a probe out: it is not the newcomer that goes, but who has just asked most; among those who
 * asked little who has most bytes waiting to be read, as a flood that has just come back has; then who waits for no answer, as a flood
 * whose bytes have not been looked at yet; and then who has been here longest.
 */
function closeGreediest(open: Map<Duplex, Use>, little: number): void {
  let greediest: { connection: Duplex; rank: number[] } | undefined;
  // A map keeps the order of insertion, so the newcomer is the last.
  for (const [connection, use] of [...open].slice(0, -1)) {
    const rank = [
      Math.max(0, recentRequests(use) - little),
      connection instanceof PacedConnection ? connection.waitingBytes : 0,
      use.unanswered === 0 ? 1 : 0,
    ];
    if (greediest === undefined || isAbove(rank, greediest.rank)) greediest = { connection, rank };
  }
  if (greediest === undefined) return;
  open.delete(greediest.connection);
  greediest.connection.destroy();
}

/** By the first figure in which they differ. */
function isAbove(rank: number[], other: number[]): boolean {
  const at = rank.findIndex((figure, index) => figure !== other[index]);
  return at >= 0 && rank[at]! > other[at]!;
}
