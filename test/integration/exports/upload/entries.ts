import { crc32 } from 'node:zlib';
import type { EntryToUpload, UploadControls } from '#vachan/pipelines/exports/upload/uploader.js';

/** Chunks as an inflater makes them; no part ends where one of them does. */
const CHUNK_BYTES = 300_000;

/** An entry whose content lies in memory, and what was read of it. */
export interface TestEntry {
  entry: EntryToUpload;
  /** Ranges that were read, as far as they were. */
  reads: { from: number; to: number }[];
  bytesRead: () => number;
}

export function entryOf(content: Buffer, options: Partial<EntryToUpload> & { key: string }): TestEntry {
  const reads: TestEntry['reads'] = [];
  async function* read(from: number, signal: AbortSignal): AsyncGenerator<Buffer> {
    const range = { from, to: from };
    reads.push(range);
    for (let start = from; start < content.length; start += CHUNK_BYTES) {
      signal.throwIfAborted();
      const chunk = content.subarray(start, start + CHUNK_BYTES);
      range.to = start + chunk.length;
      yield chunk;
      // As from a socket: others have their turn.
      await new Promise(setImmediate);
    }
  }
  return {
    reads,
    bytesRead: () => reads.reduce((sum, { from, to }) => sum + to - from, 0),
    entry: {
      job: { source: 'default', export_id: 'one/two' },
      ordinal: 3,
      n: 7,
      size: content.length,
      crc32: crc32(content),
      archiveTag: '"archive-1"',
      digests: [],
      seekable: true,
      content: read,
      ...options,
    },
  };
}

export function controlsOf(options: Partial<UploadControls> = {}): UploadControls & { progress: number[] } {
  const progress: number[] = [];
  return {
    progress,
    signal: new AbortController().signal,
    shouldYield: () => false,
    onProgress: (bytes) => void progress.push(bytes),
    ...options,
  };
}
