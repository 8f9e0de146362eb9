import { lock } from 'proper-lockfile';
import { DependencyUnavailable, InvalidInput } from '../../../../platform/errors.js';
import { codeOf } from '../../../../platform/files/file-errors.js';
import { unopened } from './unopened.js';

/** A lock whose holder has not touched it for so long belongs to a process that died. */
const STALE_MS = 10_000;
const UPDATE_MS = 2_000;

export interface HeldLock {
  /**
   * @throws DependencyUnavailable when another process has it by now
   * @throws the file system's own error when it cannot be taken again
   */
  assert(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Holds a file for one review at a time, by a lock file beside it.
 *
 * @throws InvalidInput when another one has it
 */
export async function holdLock(path: string): Promise<HeldLock> {
  // A machine that slept finds its lock stale.
  let lost = false;
  const take = (): Promise<() => Promise<void>> =>
    lock(path, {
      // The file itself may not exist yet.
      realpath: false,
      stale: STALE_MS,
      update: UPDATE_MS,
      onCompromised: () => (lost = true),
    });
  let release: () => Promise<void>;
  try {
    release = await take();
  } catch (cause) {
    if (codeOf(cause) !== 'ELOCKED') throw unopened(path, cause);
    throw new InvalidInput(
      `${path} is being written by another review: end that one, or name another file with --out. ` +
        `(One that was killed lets go of it within ${STALE_MS / 1000} s.)`,
      { cause },
    );
  }
  return {
    async assert() {
      if (!lost) return;
      try {
        release = await take();
        lost = false;
      } catch (cause) {
        // Its folder is gone, say: the caller says that in words.
        if (codeOf(cause) !== 'ELOCKED') throw cause;
        throw new DependencyUnavailable(`${path} is being written by another review by now.`, { cause });
      }
    },
    // A lock that was lost is somebody else's to release.
    release: () => release().catch(() => undefined),
  };
}
