import {
  enqueueRows,
  withoutResult,
  type IdentifiedRow,
} from '../../../../src/activities/recordings/enqueue-rows.js';
import { resultDocumentId } from '../../../../src/pipelines/recordings/contract/identity.js';
import { parseMessage } from '../../../../src/pipelines/recordings/contract/message.js';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import { fakeQueue } from '../../shared/activities/fake-queue.js';
import { sourceRows } from './source-rows.js';

const now = (): Date => new Date('2025-12-20T21:00:00.000Z');
const signal = new AbortController().signal;
const identified = (count: number): IdentifiedRow[] =>
  sourceRows(count).map((row) => ({ row, id: resultDocumentId(row, 'recording') }));

describe('leaving out rows that have a result', () => {
  test('asks once for the whole page', async () => {
    const rows = sourceRows(3);
    const asked: (readonly string[])[] = [];
    const fresh = await withoutResult(rows, {
      results: {
        findExisting: (ids) => {
          asked.push(ids);
          return Promise.resolve(new Set([ids[1]!]));
        },
      },
      resultIdBasis: 'recording',
      now,
    });
    expect(asked).toHaveLength(1);
    expect(fresh.map(({ row }) => row)).toEqual([rows[0], rows[2]]);
  });

  test('asks nothing for an empty page', async () => {
    const findExisting = jest.fn();
    await expect(
      withoutResult([], { results: { findExisting }, resultIdBasis: 'row', now }),
    ).resolves.toEqual([]);
    expect(findExisting).not.toHaveBeenCalled();
  });
});

describe('putting rows into the queue', () => {
  test("sends each as the contract's message, in a group of its recording", async () => {
    const queue = fakeQueue();
    const rows = identified(2);
    await enqueueRows(rows, queue, new Set(), { now }, recordingLogger(), signal, 'run-1');
    expect(queue.sent.map(({ groupId }) => groupId)).toEqual(rows.map(({ id }) => id));
    const parsed = queue.sent.map(({ body }) => parseMessage(body));
    expect(parsed).toEqual(
      rows.map(({ row }) => ({
        ok: true,
        message: expect.objectContaining({ ...row, discovered_at: now().toISOString() }) as unknown,
      })),
    );
  });

  test('a page that is tried again is deduplicated, and another run of the date is not', async () => {
    const rows = identified(3);
    const idsOf = async (run: string): Promise<string[]> => {
      const queue = fakeQueue();
      await enqueueRows(rows, queue, new Set(), { now }, recordingLogger(), signal, run);
      return queue.sent.map(({ deduplicationId }) => deduplicationId);
    };
    const [first, again, second] = [await idsOf('run-1'), await idsOf('run-1'), await idsOf('run-2')];
    expect(again).toEqual(first);
    expect(new Set([...first, ...second]).size).toBe(6);
  });

  test('fails while a message is refused, and sends only that one at the next attempt', async () => {
    const queue = fakeQueue();
    const rows = identified(3);
    const refusedId = rows[1]!.id;
    queue.refuses = ({ groupId }) => groupId === refusedId;
    const sent = new Set<string>();
    const log = recordingLogger();
    const send = (): Promise<unknown> => enqueueRows(rows, queue, sent, { now }, log, signal, 'run-1');
    await expect(send()).rejects.toThrow(DependencyUnavailable);
    await expect(send()).rejects.toThrow(/refused 1 of 1 messages \(InternalError\)/);
    queue.refuses = () => false;
    await send();
    expect(queue.sent.map(({ groupId }) => groupId)).toEqual([rows[0]!.id, rows[2]!.id, refusedId]);
    expect(log.of('enqueue_batch_failed')).toHaveLength(2);
    expect(log.of('enqueue_chunk_completed')).toHaveLength(1);
  });

  test('sends all but a row that SQS refuses for what it holds, and tells of that one', async () => {
    const queue = fakeQueue();
    const rows = identified(3);
    queue.refusesForGood = ({ groupId }) => groupId === rows[1]!.id;
    await expect(
      enqueueRows(rows, queue, new Set(), { now }, recordingLogger(), signal, 'run-1'),
    ).resolves.toEqual([
      {
        mongo_doc_id: 'doc-1',
        record_type: 'teacher_record',
        subject_id: 'reading-1',
        reason: 'sqs_refused_InvalidMessageContents',
      },
    ]);
    expect(queue.sent).toHaveLength(2);
  });

  test('asks the queue for nothing when all were sent before', async () => {
    const queue = fakeQueue();
    const rows = identified(2);
    const sent = new Set(rows.map(({ id }) => id));
    queue.broken = new DependencyUnavailable('not to be asked');
    await enqueueRows(rows, queue, sent, { now }, recordingLogger(), signal, 'run-1');
    expect(queue.sent).toEqual([]);
  });
});
