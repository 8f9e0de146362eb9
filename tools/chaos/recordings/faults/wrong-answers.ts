import type { MongoTrouble } from '../mongo-proxy.js';
import type { SqsTrouble } from '../../sqs-trouble.js';
import type { S3Trouble } from '../aws-proxy.js';
import { seconds, type Fault } from '../../faults/fault.js';
import type { RecordingsSite } from './site.js';

/** Most downloads are answered so: refused with 503, broken off in the middle, or empty. */
export function troubleS3(kind: S3Trouble['kind']): Fault<RecordingsSite> {
  return {
    target: 's3',
    async inject({ servers }, random) {
      const length = random.between(2, 6);
      servers.awsProxy.s3 = { kind, random };
      await seconds(length);
      servers.awsProxy.s3 = undefined;
      return `for ${length} s`;
    },
  };
}

/**
 * Batch calls of which entries fail, or go through and are reported as failed, or that are carried out without an
 * answer; receives that come back empty although there are messages; messages that overtake each other.
 */
export function troubleSqs(kind: SqsTrouble['kind']): Fault<RecordingsSite> {
  return {
    target: 'sqs',
    async inject({ servers }, random) {
      const length = random.between(4, 12);
      servers.awsProxy.sqs = { kind, random };
      await seconds(length);
      servers.awsProxy.sqs = undefined;
      return `for ${length} s`;
    },
  };
}

/** All writes refused, or some of an unordered bulk. */
export function troubleMongo(kind: MongoTrouble['kind']): Fault<RecordingsSite> {
  return {
    target: 'mongo',
    async inject({ servers }, random) {
      const length = random.between(3, 10);
      servers.mongoProxy.trouble = { kind, random };
      await seconds(length);
      servers.mongoProxy.trouble = undefined;
      return `for ${length} s`;
    },
  };
}

/** Beyond the driver's patience for a server (10 s) and for its own look whether it is alive (10 s). */
const STALL_MS = 12_000;

/** Each piece of an answer takes longer than anybody waits. */
export const stallMongo: Fault<RecordingsSite> = {
  target: 'mongo',
  async inject({ servers }) {
    servers.links.mongo.slow(STALL_MS);
    await seconds((STALL_MS / 1000) * 1.25);
    servers.links.mongo.heal();
    return `answers take ${STALL_MS / 1000} s`;
  },
};
