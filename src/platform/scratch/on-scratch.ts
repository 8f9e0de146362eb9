import { DependencyUnavailable } from '../errors.js';

/** What a disk answers that is full, over its quota, broken or read-only. */
const DISK_CODES: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS'];

/**
 * Runs what writes into the scratch folder.
 *
 * @throws DependencyUnavailable when the disk does not take it: another try may find room, and the batch waits for it
 */
export async function onScratch<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (!DISK_CODES.includes(code)) throw error;
    throw new DependencyUnavailable(`The disk of SCRATCH_PATH cannot be written: ${String(code)}`, {
      cause: error,
    });
  }
}
