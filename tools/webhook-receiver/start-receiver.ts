import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { whyNotGenuine } from './verify-signature.js';

/** One request, answered or not. */
export interface Delivery {
  webhookId: string;
  /** Parsed body; undefined where it is no JSON object with these. */
  event: ReceivedEvent | undefined;
  atMs: number;
  /** Why it must not be believed. */
  notGenuine?: string;
  /** 0 where the connection was cut. */
  answered: number;
}

export interface ReceivedEvent {
  type: string;
  timestamp: string;
  data: Readonly<Record<string, unknown>>;
}

/** What the receiver does instead of taking a delivery. */
export type ReceiverTrouble =
  | {
      status: number;
      retryAfterSeconds?: number;
      location?: string;
      /** It has taken it all the same. */ taken?: boolean;
    }
  | { cut: true; taken?: boolean };

export interface ReceiverOptions {
  /** `whsec_` and base64; more than one while they are changed. */
  secrets: readonly string[];
  /** Default: any that is free. */
  port?: number;
}

/** The party that is told, as a real one would be: it checks signatures, and keeps each webhook-id once. */
export interface WebhookReceiver {
  /** Where events go. */
  url: string;
  /** All that came, in order. */
  deliveries: readonly Delivery[];
  /** What it has taken, by webhook-id: the first body of each. */
  taken: ReadonlyMap<string, ReceivedEvent>;
  /** What becomes of the next deliveries, one each. */
  trouble: (...troubles: readonly ReceiverTrouble[]) => void;
  /** Nobody listens any more: connections are refused. */
  down: () => Promise<void>;
  /** On the same port again. */
  up: () => Promise<void>;
  /** Any number of calls. */
  stop: () => Promise<void>;
}

const HOST = '127.0.0.1';
const PATH = '/interview-events';

/** Starts it on loopback, in this process. */
export async function startReceiver({ secrets, port = 0 }: ReceiverOptions): Promise<WebhookReceiver> {
  const deliveries: Delivery[] = [];
  const taken = new Map<string, ReceivedEvent>();
  const troubles: ReceiverTrouble[] = [];
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const header = (name: string): string | undefined => [request.headers[name]].flat()[0];
    const id = header('webhook-id');
    const why = whyNotGenuine(
      { id, timestamp: header('webhook-timestamp'), signature: header('webhook-signature'), body },
      secrets,
      Date.now(),
    );
    const event = eventOf(body);
    const delivery: Delivery = {
      ...{ webhookId: id ?? '', event, atMs: Date.now(), answered: 0 },
      ...(why !== undefined && { notGenuine: why }),
    };
    deliveries.push(delivery);
    const trouble = troubles.shift();
    const isGood = why === undefined && event !== undefined;
    const isTaken = trouble === undefined || trouble.taken === true;
    if (isGood && isTaken && !taken.has(delivery.webhookId)) taken.set(delivery.webhookId, event);
    if (trouble !== undefined && 'cut' in trouble) return void response.destroy();
    delivery.answered = trouble?.status ?? (isGood ? 204 : 401);
    response.writeHead(delivery.answered, {
      ...(trouble?.retryAfterSeconds !== undefined && { 'retry-after': String(trouble.retryAfterSeconds) }),
      ...(trouble?.location !== undefined && { location: trouble.location }),
    });
    response.end();
  };
  let server: Server | undefined;
  const up = async (): Promise<void> => {
    if (server !== undefined) return;
    server = createServer((request, response) => {
      receive(request, response).catch(() => response.destroy());
    });
    server.listen(port, HOST);
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  };
  const down = async (): Promise<void> => {
    const ending = server;
    server = undefined;
    if (ending === undefined) return;
    const closed = once(ending, 'close');
    ending.close();
    ending.closeAllConnections();
    await closed;
  };
  await up();
  return {
    ...{ url: `http://${HOST}:${port}${PATH}`, deliveries, taken, down, up, stop: down },
    trouble: (...more) => void troubles.push(...more),
  };
}

function eventOf(body: Buffer): ReceivedEvent | undefined {
  try {
    const { type, timestamp, data } = JSON.parse(body.toString()) as Record<string, unknown>;
    if (typeof type !== 'string' || typeof timestamp !== 'string') return undefined;
    if (typeof data !== 'object' || data === null) return undefined;
    return { type, timestamp, data: data as ReceivedEvent['data'] };
  } catch {
    return undefined;
  }
}
