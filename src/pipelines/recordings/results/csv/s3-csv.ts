import type { S3Client } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import type { CsvRow } from '../../contract/csv-row.js';
import { putObject, reachBucket } from '../../../../objects/put-object.js';
import type { CsvDestination } from './csv-destination.js';
import { CSV_HEADER, csvLines, newDeliveries } from './csv-text.js';
import { RecentMap } from '../../../../platform/recent-map.js';

/** A batch's stages are retried within minutes; so many batches are hours of one process's work. */
const REMEMBERED_BATCHES = 200;

interface BatchObject {
  rows: Map<string, CsvRow>;
  inTurn: ReturnType<typeof pLimit>;
}

/**
 * One object a batch, `<prefix>/<batch id>.csv`, with the header. The key follows from the batch, so a retry puts the
 * same object again; rows that a batch adds later join the ones it wrote before.
 *
 * @param client belongs to the caller and is not destroyed here
 */
export function createS3Csv(client: S3Client, location: { bucket: string; prefix: string }): CsvDestination {
  const { bucket } = location;
  const prefix = location.prefix.replace(/^\/+|\/+$/g, '');
  const batches = new RecentMap<BatchObject>(REMEMBERED_BATCHES);

  async function append(
    batchId: string,
    batch: BatchObject,
    rows: readonly CsvRow[],
    abortSignal: AbortSignal | undefined,
  ) {
    const fresh = newDeliveries(rows, batch.rows);
    if (fresh.size > 0) {
      const all = new Map([...batch.rows, ...fresh]);
      const key = `${prefix === '' ? '' : `${prefix}/`}${batchId}.csv`;
      const body = CSV_HEADER + csvLines([...all.values()]);
      await putObject(client, { bucket, key, body, contentType: 'text/csv; charset=utf-8' }, abortSignal);
      batch.rows = all;
    }
    return { written: fresh.size, repeated: rows.length - fresh.size };
  }

  return {
    location: `s3://${bucket}/${prefix}`,
    append(batchId, rows, signal) {
      const batch = batches.get(batchId) ?? { rows: new Map<string, CsvRow>(), inTurn: pLimit(1) };
      batches.set(batchId, batch);
      return batch.inTurn(() => {
        signal?.throwIfAborted();
        return append(batchId, batch, rows, signal);
      });
    },
    ping: () => reachBucket(client, bucket),
  };
}
