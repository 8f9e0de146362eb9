import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { AttemptFailed } from '../download/attempt-failed.js';
import { queryString, type Target } from './endpoint.js';
import type { RequestClock } from './request-clock.js';
import { pieces, type StoreRequest } from './store-request.js';
import type { WholeAnswer } from './wire/answer-reader.js';
import { createConnections } from './wire/connections.js';
import { requestHead } from './wire/request-head.js';
import { sendBytes } from './wire/send-bytes.js';

/** S3 closes idle connections after some 20 s; whoever closes first does not meet a request on its way. */
const IDLE_CONNECTION_MS = 15_000;

/** An answer's start, whose body is to be read; to an object's bytes it is whole. */
export type StoreAnswer = IncomingMessage | WholeAnswer;

export interface Exchange {
  /** Sends a request and resolves with its answer. @throws AttemptFailed when none comes */
  send(
    request: StoreRequest,
    target: Target,
    headers: Readonly<Record<string, string>>,
    clock: RequestClock,
  ): Promise<StoreAnswer>;
  close(): void;
}

/**
 * Connections are kept and used again, the last used first. How many there are is up to those who call.
 *
 * Objects' bytes go over connections of our own: a PUT of 64 KB took 110 µs of CPU by Node's client alone and 45 so, a fifth of all that
 * such an entry costs. Whatever else is asked goes by Node's client.
 */
export function createExchange(): Exchange {
  const connections = createConnections(IDLE_CONNECTION_MS);
  const options = { keepAlive: true, scheduling: 'lifo', timeout: IDLE_CONNECTION_MS } as const;
  const http = new HttpAgent(options);
  const https = new HttpsAgent(options);
  return {
    async send(request, target, headers, clock) {
      if (clock.over !== undefined) throw clock.over;
      const { body } = request;
      if (body !== undefined && 'bytes' in body) {
        const path = target.path + (request.query === undefined ? '' : queryString(request.query));
        const head = requestHead(request.method, path, headers);
        const connection = connections.take(target);
        const { wasIdle } = connection;
        try {
          return await sendBytes(connection, { head, pieces: pieces(body.bytes) }, clock);
        } catch (error) {
          const over = whyOver(clock);
          if (over !== undefined) throw over;
          throw new ConnectionCut(error as Error, wasIdle);
        }
      }
      const secure = target.protocol === 'https:';
      return new Promise((resolve, reject) => {
        const sending = (secure ? httpsRequest : httpRequest)({
          agent: secure ? https : http,
          method: request.method,
          hostname: target.hostname,
          port: target.port,
          path: target.path + queryString(request.query ?? {}),
          headers: { ...headers },
        });
        clock.onOver((reason) => sending.destroy(reason));
        sending.once('response', (response) => {
          clock.heard();
          // A refusal may come before the body has been taken: the connection is of no use then.
          response.once('end', () => {
            if (!sending.writableFinished) sending.destroy();
          });
          resolve(response);
        });
        sending.once('socket', (socket) => {
          if (sending.reusedSocket || !socket.connecting) clock.heard();
          else socket.once(secure ? 'secureConnect' : 'connect', () => clock.heard());
        });
        sending.on('error', (error) => {
          if (clock.over !== undefined) reject(clock.over);
          else reject(new ConnectionCut(error, sending.reusedSocket));
        });
        sending.end(body?.document);
      });
    },
    close() {
      connections.close();
      http.destroy();
      https.destroy();
    },
  };
}

/** Thrown when a connection broke off. */
export class ConnectionCut extends AttemptFailed {
  constructor(
    cause: Error,
    /** It had been idle: the store may have closed it at the moment of asking. */
    readonly wasIdle: boolean,
  ) {
    // Where each of several addresses failed, there is a code and no message.
    const why = cause.message || (cause as NodeJS.ErrnoException).code;
    super('cut', `the connection dropped (${why})`, undefined, { cause });
  }
}

/** A function, since it changes while awaiting. */
const whyOver = ({ over }: RequestClock): Error | undefined => over;
