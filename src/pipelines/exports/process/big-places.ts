import pLimit from 'p-limit';
import type { DownloadTaskMessage } from '../contract/messages.js';

/** A larger file occupies its process for minutes: one place is kept from such, so that small ones flow. */
export const BIG_FILE_BYTES = 1_000_000_000;

/** Gives a task its turn, and takes the place back when the result is called. */
export type TakeTurn = (task: DownloadTaskMessage) => Promise<() => void>;

/** @param places of the process, for tasks of any size */
export function createBigPlaces(places: number): TakeTurn {
  const limit = pLimit(Math.max(1, places - 1));
  return ({ files }) => {
    const bytes = files.reduce((sum, { size = 0 }) => sum + size, 0);
    if (bytes <= BIG_FILE_BYTES) return Promise.resolve(() => undefined);
    return new Promise((resolve) => {
      void limit(() => new Promise<void>((giveBack) => resolve(giveBack)));
    });
  };
}
