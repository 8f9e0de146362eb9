import type { DiscoverPageResult } from '../../../../src/activities/activity-types.js';
import {
  createDiscoverActivities,
  type DiscoverDependencies,
} from '../../../../src/activities/discovery/discover-page.js';
import { resultDocumentId } from '../../../../src/contract/identity.js';
import type { SourceRow } from '../../../../src/contract/source-row.js';
import { watermarkOf } from '../../../../src/contract/watermark.js';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import type { PageQuery } from '../../../../src/sources/source-repository.js';
import { fakeQueue, type FakeQueue } from '../fake-queue.js';
import { activityEnvironment } from '../in-activity.js';
import { sourceRows } from './source-rows.js';

let queue: FakeQueue;
let remembered: Set<string>;
let existing: Set<string>;
let queries: PageQuery[];
let pages: SourceRow[][];
let unusable: { mongo_doc_id: string; reason: string }[];

beforeEach(() => {
  queue = fakeQueue();
  remembered = new Set();
  existing = new Set();
  queries = [];
  pages = [];
  unusable = [];
});

const idOf = (row: SourceRow): string => resultDocumentId(row, 'recording');
const sentIds = (): string[] => queue.sent.map(({ deduplicationId }) => deduplicationId);

function activities(log = recordingLogger()): ReturnType<typeof createDiscoverActivities> {
  const dependencies: DiscoverDependencies = {
    source: {
      readPage: (query: PageQuery) => {
        queries.push(query);
        const rows = pages.shift() ?? [];
        return Promise.resolve({
          rows,
          exhausted: pages.length === 0,
          readHint: 'hint',
          documentsRead: rows.length,
          unusable,
        });
      },
    } as unknown as DiscoverDependencies['source'],
    results: {
      findExisting: (ids) => Promise.resolve(new Set(ids.filter((id) => existing.has(id)))),
    },
    sentLog: {
      remember: (_runKey, ids) => {
        ids.forEach((id) => remembered.add(id));
        return Promise.resolve();
      },
      alreadySent: (_runKey, ids) => Promise.resolve(new Set(ids.filter((id) => remembered.has(id)))),
      forget: () => Promise.resolve(),
      ensureIndexes: () => Promise.resolve(),
    },
    queueFor: () => queue,
    resultIdBasis: 'recording',
    now: () => new Date('2025-12-20T21:00:00.000Z'),
    log,
  };
  return createDiscoverActivities(dependencies);
}

const PAGE = {
  source_collection: 'student_assessment_record',
  test_date: '2025-12-20',
  subject_name: 'वाचन',
  mode: 'backfill',
  queue_url: 'https://sqs.example/1/recordings',
  after: null,
  limit: 100,
} as const;

const discover = (
  overrides: { mode?: 'incremental' } = {},
  environment = activityEnvironment(),
): Promise<DiscoverPageResult> => environment.run(() => activities().discoverPage({ ...PAGE, ...overrides }));

describe('discovering a page', () => {
  test('tells of a row that cannot be sent once, however often it is met', async () => {
    const log = recordingLogger();
    const polling = activities(log);
    unusable = [{ mongo_doc_id: 'doc', reason: 'subject_id is empty' }];
    for (let poll = 0; poll < 3; poll += 1) await activityEnvironment().run(() => polling.discoverPage(PAGE));
    unusable = [{ mongo_doc_id: 'doc', reason: 'record_type is none' }];
    await activityEnvironment().run(() => polling.discoverPage(PAGE));
    expect(log.lines.filter(({ event }) => event === 'source_row_unusable')).toHaveLength(2);
  });

  test('sends the rows without a result, and moves the watermark over all of them', async () => {
    const rows = sourceRows(3);
    pages = [rows];
    existing.add(idOf(rows[2]!));
    await expect(discover()).resolves.toEqual({
      watermark: watermarkOf(rows[2]!),
      discovered: 3,
      enqueued: 2,
      existing: 1,
      exhausted: true,
      read_hint: 'hint',
    });
    expect(sentIds()).toEqual([idOf(rows[0]!), idOf(rows[1]!)]);
  });

  test('leaves the watermark where it is when the page is empty', async () => {
    const after = watermarkOf(sourceRows(1)[0]!);
    const page = await activityEnvironment().run(() => activities().discoverPage({ ...PAGE, after }));
    expect(page).toMatchObject({ watermark: after, discovered: 0, exhausted: true });
  });

  test('tells the next attempt which rows are in the queue, and that one sends the rest only', async () => {
    const rows = sourceRows(3);
    pages = [rows];
    queue.refuses = ({ deduplicationId }) => deduplicationId === idOf(rows[1]!);
    const first = activityEnvironment();
    const heartbeats: unknown[] = [];
    first.on('heartbeat', (details: unknown) => heartbeats.push(details));
    await expect(discover({}, first)).rejects.toThrow(DependencyUnavailable);
    queue.refuses = () => false;
    queue.sent.length = 0;
    pages = [rows];
    await discover({}, activityEnvironment({ heartbeatDetails: heartbeats.at(-1) }));
    expect(sentIds()).toEqual([idOf(rows[1]!)]);
  });

  test('remembers what an incremental run has sent, after the queue has it', async () => {
    const rows = sourceRows(1);
    pages = [rows];
    queue.broken = new DependencyUnavailable('SQS does not answer');
    await expect(discover({ mode: 'incremental' })).rejects.toThrow(DependencyUnavailable);
    expect(remembered).toEqual(new Set());
    queue.broken = undefined;
    pages = [rows];
    await discover({ mode: 'incremental' });
    expect(remembered).toEqual(new Set([idOf(rows[0]!)]));
  });

  test('keeps nothing in mind for a backfill, which never looks back', async () => {
    pages = [sourceRows(2)];
    await discover();
    expect(remembered.size).toBe(0);
  });
});

describe('looking back for late rows', () => {
  const watermark = watermarkOf(sourceRows(1, 50)[0]!);
  const lookBack = (limit = 100): Promise<{ enqueued: number }> =>
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
    await expect(lookBack()).resolves.toEqual({ enqueued: 1 });
    expect(sentIds()).toEqual([idOf(rows[2]!)]);
    pages = [rows];
    await expect(lookBack()).resolves.toEqual({ enqueued: 0 });
  });

  test('sends no more than the limit, over all the pages it reads', async () => {
    pages = [sourceRows(2), sourceRows(2, 2)];
    await expect(lookBack(3)).resolves.toEqual({ enqueued: 3 });
    expect(sentIds()).toEqual(sourceRows(3).map(idOf));
  });
});
