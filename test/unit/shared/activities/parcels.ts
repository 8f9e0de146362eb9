import type { Delivery } from '../../../../src/activities/shared/delivery.js';
import type { DeliveryReader } from '../../../../src/activities/shared/receive-batch.js';
import { noCounts } from '../../../../src/contract/counts.js';
import type { OutcomeCounts, OutcomeRules } from '../../../../src/contract/outcome.js';
import { holdBatch, type HeldBatch } from './held-batch.js';

/** A pipeline that is there for these tests alone, so that the base is seen to know none. */
export type ParcelOutcome = 'delivered' | 'known' | 'unwanted' | 'failed' | 'malformed';

export interface Parcel extends Delivery<'received' | 'opened', ParcelOutcome> {
  readonly address: string;
}

export const PARCEL_RULES: OutcomeRules<ParcelOutcome> = {
  delivered: { message: 'delete' },
  known: { message: 'delete' },
  unwanted: { message: 'delete' },
  failed: { message: 'retry_later' },
  malformed: { message: 'delete' },
};

export const noParcels = (): OutcomeCounts<ParcelOutcome> =>
  noCounts(Object.keys(PARCEL_RULES) as ParcelOutcome[]);

/** Reads `to: <address>`; `test` is AWS's own word for nothing. */
export const PARCEL_READER: DeliveryReader<{ address: string }, Parcel> = {
  read: ({ body }) => {
    if (body === 'test') return { ok: false, notice: 's3:TestEvent' };
    if (!body.startsWith('to: ')) return { ok: false, reason: 'no address' };
    return { ok: true, message: { address: body.slice(4) } };
  },
  traceIdOf: ({ address }) => address,
  begin: (arrived, { address }) => ({ ...arrived, address, reached: 'received' }),
};

export function heldParcels(count = 2): HeldBatch<Parcel> {
  return holdBatch(count, (arrived, index) => PARCEL_READER.begin(arrived, { address: `house ${index}` }));
}
