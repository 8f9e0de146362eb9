import { parentPort, workerData } from 'node:worker_threads';
import { startHttpFront, type HttpAnswer, type HttpQuestion } from './http-front.js';
import { watchPulse } from './loop-pulse.js';

/** What the thread is started with. */
export interface FrontThreadData {
  host: string;
  port: number;
  allowedHosts: readonly string[];
  tokenDigest: string | undefined;
  postPaths: readonly string[];
  /** Of the worker's event loop. */
  beats: SharedArrayBuffer;
}

/** What the thread says to the worker. */
export type FromFront =
  | { kind: 'listening'; url: string }
  | { kind: 'refused'; reason: string }
  | { kind: 'ask'; id: number; url: string; question: HttpQuestion };

/** What the worker says to the thread; undefined where it had no answer. */
export interface ToFront {
  id: number;
  answer: HttpAnswer | undefined;
}

const port = parentPort;
if (port === null) throw new Error('This file is the start of a thread.');
const say = (message: FromFront): void => port.postMessage(message);

const waiting = new Map<number, (answer: HttpAnswer | undefined) => void>();
let lastId = 0;
port.on('message', ({ id, answer }: ToFront) => {
  waiting.get(id)?.(answer);
  waiting.delete(id);
});

const { beats, ...listen } = workerData as FrontThreadData;
startHttpFront({
  ...listen,
  silentMs: watchPulse(beats),
  ask: async (url, question) => {
    const id = ++lastId;
    const answer = await new Promise<HttpAnswer | undefined>((resolve) => {
      waiting.set(id, resolve);
      say({ kind: 'ask', id, url, question });
    });
    if (answer === undefined) throw new Error('The worker had no answer.');
    return answer;
  },
}).then(
  ({ url }) => say({ kind: 'listening', url }),
  (error: unknown) => {
    say({ kind: 'refused', reason: (error as Error).message });
    // Nothing else holds the thread.
    port.unref();
  },
);
