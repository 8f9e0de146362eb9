import { randomUUID } from 'node:crypto';
import { resultDocumentId, type ResultIdBasis } from '../../pipelines/recordings/contract/identity.js';
import { buildMessage, messageBody } from '../../pipelines/recordings/contract/message.js';
import type { SourceRow } from '../../pipelines/recordings/contract/source-row.js';
import { DependencyUnavailable } from '../../platform/errors.js';
import type { RecordingsLogger } from '../../pipelines/recordings/log-events.js';
import type { RecordTracing } from '../../platform/tracing/record-tracing.js';
import { recordingFifoIds } from '../../pipelines/recordings/contract/fifo-ids.js';
import type { MessageQueue, SendFailure, SendReport } from '../../queue/message-queue.js';
import { MESSAGE_TOO_LARGE } from '../../queue/send-refusals.js';
import type { ResultRepository } from '../../pipelines/recordings/results/result-repository.js';
import type { UnusableRow } from '../../pipelines/recordings/sources/source-repository.js';

/** A row and the id its result will have. */
export interface IdentifiedRow {
  row: SourceRow;
  id: string;
}

export interface EnqueueDependencies {
  results: Pick<ResultRepository, 'findExisting'>;
  resultIdBasis: ResultIdBasis;
  now: () => Date;
  tracing?: RecordTracing | undefined;
}

/** Gives each row its identity and leaves out those that have a result: one look-up for the whole page. */
export async function withoutResult(
  rows: readonly SourceRow[],
  { results, resultIdBasis }: EnqueueDependencies,
): Promise<IdentifiedRow[]> {
  const identified = rows.map((row) => ({ row, id: resultDocumentId(row, resultIdBasis) }));
  if (identified.length === 0) return [];
  const existing = await results.findExisting(identified.map(({ id }) => id));
  return identified.filter(({ id }) => !existing.has(id));
}

/**
 * Puts rows into SQS. When it returns, every row is there but those that no queue would ever take.
 *
 * @param alreadySent ids that an earlier attempt at this page has put into SQS; extended as rows go through
 * @param sending the workflow's run; see {@link recordingFifoIds}
 * @returns the rows that SQS refuses for what they hold
 * @throws DependencyUnavailable when some rows were refused after the retries; `alreadySent` tells which were not
 */
export async function enqueueRows(
  rows: readonly IdentifiedRow[],
  queue: MessageQueue,
  alreadySent: Set<string>,
  { now, tracing }: Pick<EnqueueDependencies, 'now' | 'tracing'>,
  log: RecordingsLogger,
  signal: AbortSignal,
  sending: string,
): Promise<UnusableRow[]> {
  const toSend = rows.filter(({ id }) => !alreadySent.has(id));
  if (toSend.length === 0) return [];
  log.info('enqueue_chunk_started', { messages: toSend.length });
  const messages = toSend.map(({ row, id }) => ({ row, id, traceId: randomUUID() }));
  const send = (attributes: readonly Readonly<Record<string, string>>[] = []): Promise<SendReport> =>
    queue.send(
      messages.map(({ row, id, traceId }, index) => ({
        body: messageBody(buildMessage(row, traceId, now())),
        ...recordingFifoIds(row, id, sending),
        attributes: attributes[index],
      })),
      signal,
    );
  const traceIds = messages.map(({ traceId }) => traceId);
  const report = await (tracing === undefined ? send() : tracing.sending(queue.url, traceIds, send));
  const refused = new Set(report.failed.map(({ index }) => index));
  toSend.forEach(({ id }, index) => {
    if (!refused.has(index)) alreadySent.add(id);
  });
  const again = report.failed.filter(({ final }) => !final);
  if (again.length > 0) {
    const codes = [...new Set(again.map(({ code }) => code))];
    log.warn('enqueue_batch_failed', { refused: again.length, sent: report.sent, codes });
    throw new DependencyUnavailable(
      `SQS refused ${again.length} of ${toSend.length} messages (${codes.join(', ')}); the page is sent again without the rest.`,
    );
  }
  log.info('enqueue_chunk_completed', { messages: report.sent });
  return report.failed.map((failure) => unusable(toSend[failure.index]!.row, failure));
}

function unusable({ mongo_doc_id, record_type, subject_id }: SourceRow, { code }: SendFailure): UnusableRow {
  const reason =
    code === MESSAGE_TOO_LARGE ? 'message_too_large' : `sqs_refused_${code.replaceAll(/\W+/g, '_')}`;
  return { mongo_doc_id, record_type, subject_id, reason };
}
