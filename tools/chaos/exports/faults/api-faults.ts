import type { Fault as ApiFault, FaultRule } from '../../../export-api/faults.js';
import type { Fault } from '../../faults/fault.js';
import type { Random } from '../../random.js';
import type { ExportsSite } from './site.js';

const KB = 1024;

/** The next calls of every kind, of any export, are answered so. */
export function apiBurst(fault: (random: Random) => ApiFault): Fault<ExportsSite> {
  return {
    inject({ apis }, random) {
      const calls = random.between(4, 12);
      for (const on of ['status', 'files', 'file'] as const)
        strike({ on, times: calls, fault: fault(random) });
      return Promise.resolve(`${calls} calls of each kind`);

      function strike(rule: FaultRule): void {
        for (const api of apis.values()) api.fault(rule);
      }
    },
  };
}

export const tooMany = (random: Random): ApiFault => ({
  ...{ status: 429, retryAfterSeconds: 1, retryAfterAsDate: random.next() < 0.5 },
});

export const unavailable = (random: Random): ApiFault =>
  random.pick<ApiFault>([
    { status: 500 },
    { status: 502, body: 'html' },
    { status: 503, retryAfterSeconds: 1 },
    { reset: true },
    { body: 'cut' },
  ]);

/** The next downloads break off, or crawl. */
export function troubleDownloads(fault: (random: Random) => ApiFault): Fault<ExportsSite> {
  return {
    inject({ apis }, random) {
      const downloads = random.between(3, 8);
      for (const api of apis.values()) api.fault({ on: 'download', times: downloads, fault: fault(random) });
      return Promise.resolve(`${downloads} downloads`);
    },
  };
}

export const cutOff = (random: Random): ApiFault => ({ cutAfterBytes: random.between(1, 400) * KB });

export const crawling = (random: Random): ApiFault => ({ bytesPerSecond: random.between(200, 2000) * KB });

/** Every link that was given out is over, in the middle of what is downloaded by it. */
export const expireLinks: Fault<ExportsSite> = {
  inject({ apis }) {
    for (const api of apis.values()) api.expireLinks();
    return Promise.resolve('all links so far');
  },
};

/** Within this a job that was just sent is being listed. */
const LISTED_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 20;

/** As a restarted API: its cursors have expired, and it lists files in another order. */
export const restartListing: Fault<ExportsSite> = {
  async inject({ apis, exports }, random) {
    const pages = (): number =>
      [...apis.values()].reduce(
        (sum, { log }) =>
          sum + log.records.filter(({ kind, status }) => kind === 'files' && status === 200).length,
        0,
      );
    const before = pages();
    await exports.sendLate('many');
    const until = Date.now() + LISTED_WITHIN_MS;
    while (pages() === before) {
      if (Date.now() > until) return undefined;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    for (const { ref } of exports.jobs) {
      const catalogue = apis.get(ref.source)?.catalogue;
      // What the API does not know, or has listed long ago, does not mind.
      try {
        catalogue?.relist(ref.export_id, (files) => random.shuffled(files));
      } catch {
        continue;
      }
    }
    return 'every listing';
  },
};
