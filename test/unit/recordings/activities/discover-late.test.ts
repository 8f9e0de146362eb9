import type { DiscoverLateResult } from '../../../../src/activities/recordings/activity-types.js';
import type { SourceRow } from '../../../../src/pipelines/recordings/contract/source-row.js';
import { watermarkOf } from '../../../../src/pipelines/recordings/contract/watermark.js';
import type { SourcePage } from '../../../../src/pipelines/recordings/sources/source-repository.js';
import { activityEnvironment } from '../../shared/activities/in-activity.js';
import { sourceRows } from './source-rows.js';
import {
  queue,
  remembered,
  existing,
  queries,
  resetDiscovery,
  idOf,
  sentIds,
  activities,
  PAGE,
} from './discovery-fakes.js';

let pages: SourceRow[][];
let unusable: SourcePage['unusable'];

beforeEach(() => {
  pages = [];
  unusable = [];
  resetDiscovery(() => ({ pages, unusable }));
});

describe('looking back for late rows', () => {
  const watermark = watermarkOf(sourceRows(1, 50)[0]!);
  const lookBack = (limit = 100): Promise<DiscoverLateResult> =>
    activityEnvironment().run(() =>
      activities().discoverLate({
        ...PAGE,
        mode: 'incremental',
        limit,
        watermark,
        lookback_seconds: 300,
      }),
    );

  test('reads from the look-back to the watermark and no further', async () => {
    await lookBack();
    expect(queries).toHaveLength(1);
    expect(queries[0]).toMatchObject({
      after: { last_processed_timestamp: '2025-12-20T07:55:50.000Z' },
      upTo: watermark,
    });
  });

  test('sends neither what it sent before nor what has a result', async () => {
    const rows = sourceRows(3);
    pages = [rows];
    remembered.add(idOf(rows[0]!));
    existing.add(idOf(rows[1]!));
    await expect(lookBack()).resolves.toMatchObject({ enqueued: 1 });
    expect(sentIds()).toEqual([idOf(rows[2]!)]);
    pages = [rows];
    await expect(lookBack()).resolves.toMatchObject({ enqueued: 0 });
  });

  test('counts a late row that SQS refuses for good once, and does not try it at the next poll', async () => {
    const rows = sourceRows(2);
    queue.refusesForGood = ({ groupId }) => groupId === idOf(rows[0]!);
    unusable = [
      { mongo_doc_id: 'doc', record_type: 'admin_record', subject_id: null, reason: 'subject_id_missing' },
    ];
    pages = [rows];
    await expect(lookBack()).resolves.toEqual({
      enqueued: 1,
      source_row_unusable: { sqs_refused_InvalidMessageContents: 1, subject_id_missing: 1 },
    });
    pages = [rows];
    await expect(lookBack()).resolves.toEqual({ enqueued: 0, source_row_unusable: {} });
  });

  test('sends no more than the limit, over all the pages it reads', async () => {
    pages = [sourceRows(2), sourceRows(2, 2)];
    await expect(lookBack(3)).resolves.toMatchObject({ enqueued: 3 });
    expect(sentIds()).toEqual(sourceRows(3).map(idOf));
  });
});
