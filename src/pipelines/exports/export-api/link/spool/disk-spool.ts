import { randomUUID } from 'node:crypto';
import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { DependencyUnavailable } from '../../../../../platform/errors.js';
import { onScratch } from '../../../../../platform/scratch/on-scratch.js';
import { fileAccess } from '../../../archive/file-access.js';
import type { Spool, SpooledFile } from '../open-link.js';
import type { LinkOptions } from '../ranged-link.js';
import type { ScratchFolder } from './scratch-folder.js';
import { downloadWhole, type Sink } from './whole-file.js';

/** Left free for what else the process puts on its disk. */
const SPARE_BYTES = 256 * 1024 * 1024;

/** @param scratch of the process, which is swept when the process is no more */
export function createDiskSpool(options: LinkOptions, scratch: Pick<ScratchFolder, 'path'>): Spool {
  return {
    keep: (download, _job, file, _size, signal) =>
      downloadWhole(options, download, file, async (size) => openFile(await scratch.path(), size), signal),
  };
}

async function openFile(folder: string, size: number | undefined): Promise<Sink<SpooledFile>> {
  if (size !== undefined) await refuseWithoutRoom(folder, size);
  const path = join(folder, `spool-${randomUUID()}`);
  const file = await onScratch(() => open(path, 'wx', 0o600));
  const remove = (): Promise<void> => rm(path, { force: true });
  return {
    write: (chunk) =>
      onScratch(async () => {
        for (let at = 0; at < chunk.length;) at += (await file.write(chunk, at)).bytesWritten;
      }),
    async finish() {
      await file.close();
      const access = await fileAccess(path);
      return {
        ...access,
        // Another process, or this one later, would look for it in vain.
        async close() {
          await access.close();
          await remove();
        },
        settled: () => Promise.resolve(),
      };
    },
    async discard() {
      await file.close().catch(() => undefined);
      await remove();
    },
  };
}

/** @throws DependencyUnavailable: other archives leave room when they are done */
async function refuseWithoutRoom(folder: string, size: number): Promise<void> {
  const { bavail, bsize } = await onScratch(() => statfs(folder));
  const free = bavail * bsize;
  if (size + SPARE_BYTES <= free) return;
  throw new DependencyUnavailable(
    `The disk of SCRATCH_PATH has ${free} bytes free; an archive of ${size} needs that and ${SPARE_BYTES} to spare. EXPORT_SPOOL=s3 needs none.`,
  );
}
