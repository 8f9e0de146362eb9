import { ConfigurationError } from '../../../platform/errors.js';
import type { RecordingsSettings } from '../settings/index.js';
import type { Logger } from '../../../platform/logging/logger.js';
import type { Dependencies } from './dependencies.js';

/** Creates what is missing of the indexes that this process's role reads by; the source's only where that is wanted. */
export async function ensureIndexes(
  config: Pick<RecordingsSettings, 'ENSURE_SOURCE_INDEXES'>,
  { results, states, sentLog, featureLog, source, connect }: Dependencies,
  plays: { orchestrator: boolean },
  log: Logger<string>,
): Promise<void> {
  await connect();
  await results.ensureIndexes();
  await featureLog?.ensureIndexes();
  if (!plays.orchestrator) return;
  await states.ensureIndexes();
  await sentLog.ensureIndexes();
  if (!config.ENSURE_SOURCE_INDEXES) return;
  const reason = await source.ensureIndexes();
  // Pages are read all the same, only more slowly.
  if (reason !== undefined) log.warn('source_not_indexed', { reason });
}

/** @throws ConfigurationError where malformed messages are to be kept, and a queue has no place for them */
export async function requireDeadLetters(
  {
    MALFORMED_MESSAGES,
    SQS_QUEUE_URL,
    SQS_ALLOWED_QUEUE_URLS,
  }: Pick<RecordingsSettings, 'MALFORMED_MESSAGES' | 'SQS_QUEUE_URL' | 'SQS_ALLOWED_QUEUE_URLS'>,
  { findDeadLetters }: Dependencies,
): Promise<void> {
  if (MALFORMED_MESSAGES !== 'dead-letter') return;
  for (const url of [SQS_QUEUE_URL, ...SQS_ALLOWED_QUEUE_URLS]) {
    if ((await findDeadLetters(url)) !== undefined) continue;
    throw new ConfigurationError(
      `MALFORMED_MESSAGES is dead-letter, but ${url} has no dead-letter queue: name one in its RedrivePolicy, or set delete.`,
    );
  }
}
