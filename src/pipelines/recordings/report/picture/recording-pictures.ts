import { fork } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import type { DecodeLimits } from '../../audio/decode/audio-decoder.js';
import { AudioDecoderCrashed } from '../../errors.js';
import type { Picture } from './draw-recording.js';
import type { PictureAnswer, PictureRequest } from './picture-process.js';
import { memberMemoryMb } from '../../audio/audio-defaults.js';
import { killTree, treeRssBytes } from '../../../../platform/children/process-tree.js';
import { memberEnvironment } from '../../../../platform/config/member-environment.js';

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
          return await drawInChild(path, options);
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

function drawInChild(path: string, { entry, limits, timeoutMs }: PicturesOptions): Promise<PictureAnswer> {
  return new Promise((resolve, reject) => {
    const child = fork(entry, [], {
      serialization: 'advanced',
      execArgv: [],
      env: memberEnvironment(),
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const { pid = 0 } = child;
    const kill = (): void => killTree(pid);
    const timer = setTimeout(kill, timeoutMs);
    const memoryLook = setInterval(() => {
      if ((treeRssBytes(pid) ?? 0) > memberMemoryMb(limits.maxSeconds) * 1024 ** 2) kill();
    }, 100);
    child.once('message', (answer) => resolve(answer as PictureAnswer));
    child.once('error', reject);
    child.once('exit', () => {
      clearTimeout(timer);
      clearInterval(memoryLook);
      // After an answer this is nothing new.
      reject(new AudioDecoderCrashed('The process that drew the recording ended without an answer.'));
    });
    const request: PictureRequest = { path, limits };
    child.send(request, () => undefined);
  });
}
