/**
 * What an incremental run has put into SQS already. The look-back behind the watermark reads rows again; one that
 * was sent but has no result yet would otherwise be sent twice.
 *
 * Call `remember` after SQS has confirmed the messages: a crash in between sends a row twice (harmless, the second
 * delivery ends as `skipped_existing`), the other order could lose it.
 */
export interface SentLog {
  /** @param runKey names the run whose look-back may ask, for example `<source_collection>:<test_date>` */
  remember(runKey: string, resultDocumentIds: readonly string[]): Promise<void>;
  /** Which of the ids this run has sent. */
  alreadySent(runKey: string, resultDocumentIds: readonly string[]): Promise<Set<string>>;
  /** Drops what the run has sent, when a backfill starts anew. */
  forget(runKey: string): Promise<void>;
  /** Creates the index that removes entries by age, if missing. */
  ensureIndexes(): Promise<void>;
}
