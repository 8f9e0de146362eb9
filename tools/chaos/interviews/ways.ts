import { readAwsCall } from '../exports/aws-call.js';
import type { Gate } from '../gate.js';
import { openHttpProxy } from '../http-proxy.js';
import { openLink } from '../link.js';
import { pastGate } from '../past-gate.js';
import type { Call, KillPoint } from './kill-points.js';
import { openMongoGate, type MongoGate } from './mongo-gate.js';
import { troubled, type Troubles } from './store-troubles.js';

export interface WaysOptions {
  /** The process that goes these ways. */
  who: string;
  /** Of the links to the servers and to the receiver of webhooks. */
  ports: Readonly<Record<'temporal' | 'aws' | 'mongo' | 'receiver', number>>;
  gate: Gate<KillPoint, Call>;
  troubles: Troubles;
}

/** The ways of one process, so that what comes along is its own. */
export interface Ways extends Pick<MongoGate, 'loseStream'> {
  temporalAddress: string;
  awsEndpoint: string;
  mongoPort: number;
  receiverPort: number;
  close(): Promise<void>;
}

/** Opens ways that ask the gate about each request. */
export async function openWays({ who, ports, gate, troubles }: WaysOptions): Promise<Ways> {
  const temporal = await openLink(ports.temporal);
  const mongo = await openMongoGate(ports.mongo, (command) => gate.meet(who, { service: 'mongo', command }));
  const aws = await openHttpProxy({
    portOf: () => ports.aws,
    handle: (request, forward) => {
      const read = readAwsCall(request);
      if (read.service !== 's3') return forward();
      const call: Call = { service: 's3', action: read.action, key: read.key };
      return pastGate(
        gate.meet(who, call),
        () => troubled(troubles, call, forward),
        () => forward(),
      );
    },
  });
  const receiver = await openHttpProxy({
    portOf: () => ports.receiver,
    handle: (_, forward) => pastGate(gate.meet(who, { service: 'webhook' }), forward, () => forward()),
  });
  return {
    temporalAddress: `127.0.0.1:${temporal.port}`,
    awsEndpoint: `http://127.0.0.1:${aws.port}`,
    mongoPort: mongo.port,
    receiverPort: receiver.port,
    loseStream: (forgotten, withinMs) => mongo.loseStream(forgotten, withinMs),
    async close() {
      await Promise.all([temporal.close(), mongo.close(), aws.close(), receiver.close()]);
    },
  };
}
