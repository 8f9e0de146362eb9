import { bytesAccess } from '../../../../src/pipelines/exports/archive/bytes-access.js';
import type { RandomAccess } from '../../../../src/pipelines/exports/archive/random-access.js';

export interface CountedAccess extends RandomAccess {
  requests(): number;
  bytesRead(): number;
}

/** Bytes in memory, and how they were asked for. */
export function countedAccess(bytes: Buffer): CountedAccess {
  const source = bytesAccess(bytes);
  let requests = 0;
  let bytesRead = 0;
  return {
    ...source,
    requests: () => requests,
    bytesRead: () => bytesRead,
    read(start, end, signal) {
      requests++;
      bytesRead += end - start;
      return source.read(start, end, signal);
    },
    async *stream(start, end, signal) {
      requests++;
      for await (const chunk of source.stream(start, end, signal)) {
        bytesRead += chunk.length;
        yield chunk;
      }
    },
  };
}
