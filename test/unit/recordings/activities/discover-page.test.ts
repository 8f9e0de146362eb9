import type { DiscoverPageResult } from '../../../../src/activities/recordings/activity-types.js';
import type { SourceRow } from '../../../../src/pipelines/recordings/contract/source-row.js';
import { watermarkOf } from '../../../../src/pipelines/recordings/contract/watermark.js';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import type { PassedOver } from '../../../../src/pipelines/recordings/sources/passed-over.js';
import type { SourcePage } from '../../../../src/pipelines/recordings/sources/source-repository.js';
import { activityEnvironment } from '../../shared/activities/in-activity.js';
import { sourceRows } from './source-rows.js';
import {
  queue,
  remembered,
  existing,
  resetDiscovery,
  idOf,
  sentIds,
  activities,
  PAGE,
} from './discovery-fakes.js';

let pages: SourceRow[][];
let unusable: SourcePage['unusable'];
let counted: PassedOver | Error;

beforeEach(() => {
  pages = [];
  unusable = [];
  resetDiscovery(() => ({ pages, unusable, counted }));
});

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
