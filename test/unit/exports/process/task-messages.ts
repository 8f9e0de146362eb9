import type { ConsumedMessage } from '../../../../src/queue/consumed-message.js';
import type { DownloadTaskMessage } from '../../../../src/pipelines/exports/contract/messages.js';

export function taskOf(
  firstOrdinal: number,
  files: readonly { size?: number }[] = [{}],
): DownloadTaskMessage {
  return {
    version: 1,
    source: 'default',
    export_id: 'x',
    first_ordinal: firstOrdinal,
    files: files.map((file, index) => ({
      ordinal: firstOrdinal + index,
      file_id: `file-${firstOrdinal + index}`,
      ...file,
    })),
    correlation_id: 'c',
    dispatched_at: '2026-01-01T00:00:00Z',
  };
}

/** A message as a consumer hands it over, with the test's hands on its signals. */
export function handed<Message>(message: Message, receiveCount = 1) {
  const lost = new AbortController();
  const yielding = new AbortController();
  const consumed: ConsumedMessage<Message> = {
    message,
    received: { messageId: 'm', receiptHandle: 'm#1', body: '', receiveCount, sentAtMs: 1 },
    queueUrl: 'https://sqs.example/1/tasks',
    signal: lost.signal,
    yieldSignal: yielding.signal,
    isLive: () => !lost.signal.aborted,
    secondsLeft: () => 43_200,
  };
  return { consumed, lose: () => lost.abort(new Error('lost')), askToYield: () => yielding.abort() };
}
