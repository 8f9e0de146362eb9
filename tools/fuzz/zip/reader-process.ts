/** Reads archives that its parent sends, one at a time, in a process of its own: it may hang or grow without anybody else. */
import { inspectArchive, type Inspection } from '#vachan/pipelines/exports/archive/inspect-archive.js';
import { bytesAccess } from '#vachan/pipelines/exports/archive/bytes-access.js';

/** What the reader said; `error` where it ended in anything but an outcome. */
export type ReaderAnswer = { inspection: Inspection; error?: undefined } | { error: string };

process.on('message', (bytes: Uint8Array) => {
  void inspectArchive(bytesAccess(Buffer.from(bytes)))
    .then(
      (inspection): ReaderAnswer => ({ inspection }),
      (error: unknown): ReaderAnswer => ({
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
    )
    .then((answer) => process.send!(answer));
});
