import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import type { DecodeLimits } from '../../audio/decode/audio-decoder.js';
import { askChild } from './ask-child.js';
import type { Picture } from './draw-recording.js';
import type { PictureAnswer } from './picture-process.js';

export interface PicturesOptions {
  /** Compiled `picture-process`. */
  entry: string;
  /** Where a recording lies while it is drawn. */
  folder: string;
  fetchAudio: (address: string, path: string, signal: AbortSignal) => Promise<unknown>;
  limits: DecodeLimits;
  timeoutMs: number;
  signal: AbortSignal;
}

/** A recording's picture, or the class of the error that kept it from being drawn. */
export type PictureResult = { picture: Picture } | { failure: string };

/** Each has its own process of a core; downloads of the next go on beside. */
const AT_ONCE = 2;

/** Fetches and draws recordings, in the order of their addresses. A recording that cannot be drawn fails alone. */
export async function drawRecordings(
  addresses: readonly string[],
  options: PicturesOptions,
): Promise<PictureResult[]> {
  const limit = pLimit(AT_ONCE);
  return Promise.all(
    addresses.map((address, index) =>
      limit(async (): Promise<PictureResult> => {
        const path = join(options.folder, `recording-${index}`);
        try {
          options.signal.throwIfAborted();
          await options.fetchAudio(address, path, options.signal);
          const { entry, limits, timeoutMs } = options;
          return await askChild<PictureAnswer>(entry, { path, limits }, timeoutMs);
        } catch (error) {
          options.signal.throwIfAborted();
          return { failure: error instanceof Error ? error.name : 'unknown' };
        } finally {
          await rm(path, { force: true });
        }
      }),
    ),
  );
}
