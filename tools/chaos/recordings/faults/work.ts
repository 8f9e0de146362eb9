import type { Fault } from '../../faults/fault.js';
import type { RecordingsSite } from './site.js';

/** SQS may deliver a message twice; so may whoever fills the queue. */
export const duplicateDelivery: Fault<RecordingsSite> = {
  async inject(site, random) {
    return `${await site.sendAgain(random)} messages`;
  },
};

/** Rows that appear where discovery has already passed. */
export const lateRows: Fault<RecordingsSite> = {
  async inject(site) {
    const count = await site.insertLateRows();
    return count === 0 ? undefined : `${count} rows`;
  },
};

/** Terminated in the middle, and started anew by whoever looks after it. */
export const terminateDiscovery: Fault<RecordingsSite> = {
  target: 'discovery',
  async inject(site) {
    return (await site.terminateDiscovery()) ? 'the discovery' : undefined;
  },
};

export const secondDiscovery: Fault<RecordingsSite> = {
  target: 'discovery',
  async inject(site) {
    return (await site.startSecondDiscovery()) ? 'a backfill beside the incremental run' : undefined;
  },
};
