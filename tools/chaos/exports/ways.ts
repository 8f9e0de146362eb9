import { openHttpProxy, type Answer, type Forward, type SeenRequest } from '../http-proxy.js';
import { openLink } from '../link.js';
import { pastGate } from '../past-gate.js';
import { readApiCall, readAwsCall, type Call } from './aws-call.js';
import type { Gate } from './gate.js';
import { troubled, type Troubles } from './store-troubles.js';

/** A server behind a link. */
export type Ports = Readonly<Record<'temporal' | 'sqs' | 's3' | 'dynamodb', number>>;

export interface WaysOptions {
  /** The process that goes these ways. */
  who: string;
  ports: Ports;
  /** Of Export APIs and their downloads: the origin that the server names, and the port of the link to it. */
  origins: ReadonlyMap<string, number>;
  gate: Gate;
  troubles: Troubles;
  /** Told of each request to AWS, with what the server answered, whether or not the process heard it. */
  onAws: (request: SeenRequest, call: Call, answer: Answer | undefined) => void;
}

/** The ways of one process, so that what comes along is its own. */
export interface Ways {
  temporalAddress: string;
  awsEndpoint: string;
  /** Where it finds an origin. */
  originOf(origin: string): string;
  /** Nothing of Temporal passes, for now. */
  isolate(alone: boolean): void;
  close(): Promise<void>;
}

/** Opens ways that ask the gate about each request, and answer wrongly where the troubles say so. */
export async function openWays(options: WaysOptions): Promise<Ways> {
  const { who, ports, origins, gate, troubles, onAws } = options;
  const temporal = await openLink(ports.temporal);
  const aws = await openHttpProxy({
    portOf: (request) => ports[readAwsCall(request).service],
    // What a server was told counts, whoever is there to hear of it; a receive gives messages to nobody.
    outlivesClient: (request) => readAwsCall(request).service !== 'sqs',
    handle: (request, forward) => {
      const call = readAwsCall(request);
      const noted: Forward = async (body) => {
        let answer: Answer | undefined;
        try {
          return (answer = await forward(body));
        } finally {
          onAws(body === undefined ? request : { ...request, body }, call, answer);
        }
      };
      return pastGate(
        gate.meet(who, call),
        () => troubled(troubles, call, request, noted),
        (at) => noted(at === 'half' ? halfOf(request.body) : undefined),
      );
    },
  });
  const own = new Map<string, string>();
  const proxies = [aws];
  for (const [origin, port] of origins) {
    const proxy = await openHttpProxy({
      portOf: () => port,
      streams: (request) => readApiCall(request).action === 'download',
      handle: (request, forward) =>
        pastGate(
          gate.meet(who, readApiCall(request)),
          async () => {
            const answer = await forward();
            return { ...answer, body: Buffer.from(withOwnOrigins(answer.body.toString(), own)) };
          },
          // Half of a request is none to the Export API.
          () => forward(),
        ),
    });
    own.set(origin, `http://127.0.0.1:${proxy.port}`);
    proxies.push(proxy);
  }
  return {
    temporalAddress: `127.0.0.1:${temporal.port}`,
    awsEndpoint: `http://127.0.0.1:${aws.port}`,
    originOf: (origin) => own.get(origin) ?? origin,
    isolate: (alone) => (alone ? temporal.blackHole() : temporal.heal()),
    async close() {
      await Promise.all([temporal.close(), ...proxies.map((proxy) => proxy.close())]);
    },
  };
}

function halfOf(body: Buffer): Buffer {
  const call = JSON.parse(body.toString()) as { Entries: unknown[] };
  return Buffer.from(
    JSON.stringify({ ...call, Entries: call.Entries.slice(0, Math.ceil(call.Entries.length / 2)) }),
  );
}

/** Links lead where the process may go. */
function withOwnOrigins(text: string, own: ReadonlyMap<string, string>): string {
  let result = text;
  for (const [origin, mine] of own) result = result.replaceAll(`${origin}/`, `${mine}/`);
  return result;
}
