import type {
  DiscoverLateResult,
  DiscoverPageResult,
} from '../../../../src/activities/recordings/activity-types.js';
import { createDiscoverActivities } from '../../../../src/activities/recordings/discover-page.js';
import type { DiscoverDependencies } from '../../../../src/activities/recordings/discovery-scope.js';
import { resultDocumentId } from '../../../../src/pipelines/recordings/contract/identity.js';
import type { SourceRow } from '../../../../src/pipelines/recordings/contract/source-row.js';
import { watermarkOf } from '../../../../src/pipelines/recordings/contract/watermark.js';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import type { PassedOver } from '../../../../src/pipelines/recordings/sources/passed-over.js';
import type {
  PageQuery,
  SourcePage,
} from '../../../../src/pipelines/recordings/sources/source-repository.js';
import { fakeQueue, type FakeQueue } from '../../shared/activities/fake-queue.js';
import { activityEnvironment } from '../../shared/activities/in-activity.js';
import { sourceRows } from './source-rows.js';

let queue: FakeQueue;
let remembered: Set<string>;
let existing: Set<string>;
let queries: PageQuery[];
let pages: SourceRow[][];
let unusable: SourcePage['unusable'];
let counted: PassedOver | Error;

beforeEach(() => {
  queue = fakeQueue();
  remembered = new Set();
  existing = new Set();
  queries = [];
  pages = [];
  unusable = [];
});

const idOf = (row: SourceRow): string => resultDocumentId(row, 'recording');
const sentIds = (): string[] => queue.sent.map(({ groupId }) => groupId ?? '');

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
      countRows: () => (counted instanceof Error ? Promise.reject(counted) : Promise.resolve(counted)),
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
      ensureIndexes: () => Promise.resolve(undefined),
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
  test('counts and names a row that no message can be made of once, however often polls meet it', async () => {
    const log = recordingLogger();
    const polling = activities(log);
    const poll = (): Promise<DiscoverPageResult> =>
      activityEnvironment().run(() => polling.discoverPage({ ...PAGE, mode: 'incremental' }));
    const row = { mongo_doc_id: 'doc', record_type: 'teacher_record', subject_id: null } as const;
    unusable = [{ ...row, reason: 'subject_id_missing' }];
    const counts = [await poll(), await poll()].map((page) => page.source_row_unusable);
    unusable = [{ ...row, reason: 'mongo_doc_id_too_long' }];
    counts.push((await poll()).source_row_unusable);
    expect(counts).toEqual([{ subject_id_missing: 1 }, {}, { mongo_doc_id_too_long: 1 }]);
    expect(log.of('source_row_unusable')).toEqual([
      expect.objectContaining({ ...row, reason: 'subject_id_missing' }),
      expect.objectContaining({ reason: 'mongo_doc_id_too_long' }),
    ]);
  });

  test('leaves out a row that SQS refuses for good: counted, named without the child, and passed', async () => {
    const rows = sourceRows(3);
    pages = [rows];
    queue.refusesForGood = ({ groupId }) => groupId === idOf(rows[2]!);
    const log = recordingLogger();
    const page = await activityEnvironment().run(() => activities(log).discoverPage(PAGE));
    expect(page).toMatchObject({
      watermark: watermarkOf(rows[2]!),
      discovered: 3,
      enqueued: 2,
      source_row_unusable: { sqs_refused_InvalidMessageContents: 1 },
    });
    const [line] = log.of('source_row_unusable');
    expect(line).toMatchObject({
      mongo_doc_id: 'doc-2',
      record_type: 'teacher_record',
      subject_id: 'reading-2',
    });
    expect(JSON.stringify(line)).not.toContain('student-2');
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
      source_row_unusable: {},
    });
    expect(sentIds()).toEqual([idOf(rows[0]!), idOf(rows[1]!)]);
  });

  test('counts what the date passes over when asked to, and goes on without where that cannot be had', async () => {
    const log = recordingLogger();
    const count = (count_rows?: 'now' | 'when_exhausted'): Promise<DiscoverPageResult> =>
      activityEnvironment().run(() => activities(log).discoverPage({ ...PAGE, count_rows }));
    const samples = [{ reason: 'audio_url_missing', mongo_doc_id: 'doc' }];
    counted = { candidates: 1, rows_passed_over: { audio_url_missing: 2 }, samples };
    pages = [sourceRows(1), []];
    expect((await count('when_exhausted')).rows_passed_over).toBeUndefined();
    expect((await count('when_exhausted')).rows_passed_over).toEqual({ audio_url_missing: 2 });
    expect((await count()).rows_passed_over).toBeUndefined();
    expect(log.of('rows_passed_over')).toEqual([expect.objectContaining({ samples })]);
    counted = new DependencyUnavailable('too slow');
    pages = [sourceRows(1), []];
    expect(await count('now')).toMatchObject({ enqueued: 1, rows_passed_over: undefined });
    expect(log.of('rows_passed_over_unknown')).toHaveLength(1);
  });

  test('leaves the watermark where it is when the page is empty', async () => {
    const after = watermarkOf(sourceRows(1)[0]!);
    const page = await activityEnvironment().run(() => activities().discoverPage({ ...PAGE, after }));
    expect(page).toMatchObject({ watermark: after, discovered: 0, exhausted: true });
  });

  test('tells the next attempt which rows are in the queue, and that one sends the rest only', async () => {
    const rows = sourceRows(3);
    pages = [rows];
    queue.refuses = ({ groupId }) => groupId === idOf(rows[1]!);
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
