import { seconds, type Fault } from '../../faults/fault.js';
import type { SqsTrouble } from '../../sqs-trouble.js';
import type { DynamoTrouble, S3Trouble } from '../store-troubles.js';
import type { ExportsSite } from './site.js';

/** Storms of 503, answers that are lost or broken off, a Complete that says 200 and then fails. */
export function troubleS3(kind: S3Trouble['kind']): Fault<ExportsSite> {
  return {
    target: 's3',
    async inject({ troubles }, random) {
      const length = random.between(3, 8);
      troubles.s3 = { kind, random };
      await seconds(length);
      troubles.s3 = undefined;
      return `for ${length} s`;
    },
  };
}

/** Keys that come back unprocessed, and calls that are refused for now. */
export function troubleDynamo(kind: DynamoTrouble['kind']): Fault<ExportsSite> {
  return {
    target: 'dynamodb',
    async inject({ troubles }, random) {
      const length = random.between(3, 8);
      troubles.dynamodb = { kind, random };
      await seconds(length);
      troubles.dynamodb = undefined;
      return `for ${length} s`;
    },
  };
}

/** Batch calls of which entries fail, receives that come back empty although there are messages, messages that overtake each other. */
export function troubleSqs(kind: SqsTrouble['kind']): Fault<ExportsSite> {
  return {
    target: 'sqs',
    async inject({ troubles }, random) {
      const length = random.between(4, 12);
      troubles.sqs = { kind, random };
      await seconds(length);
      troubles.sqs = undefined;
      return `for ${length} s`;
    },
  };
}
