import { open, rm } from 'node:fs/promises';
import { ObjectNotFound } from '../../../../objects/errors.js';
import type { ObjectRef, ObjectStore } from '../../../../objects/data-path/object-store.js';
import { PreconditionFailed } from '../../../../objects/write-errors.js';
import { onScratch } from '../../../../platform/scratch/on-scratch.js';
import { MediaChanged } from '../media-errors.js';
import type { MediaSource } from '../media-source.js';
import { openFileSource } from './file-source.js';

/**
 * An object that is downloaded whole into a file of the scratch folder, which goes when the source is closed.
 *
 * @param path of the file, of a name that nothing else has
 * @param ifMatch the ETag that is meant
 * @throws ObjectNotFound when there is none; MediaChanged when it is another one; what the store and the disk throw
 */
export async function openScratchSource(
  store: Pick<ObjectStore, 'head' | 'stream'>,
  object: ObjectRef,
  path: string,
  { ifMatch, signal }: { ifMatch: string; signal?: AbortSignal | undefined },
): Promise<MediaSource> {
  const head = await store.head(object, signal);
  if (head === undefined) throw new ObjectNotFound(`There is no such object in s3://${object.bucket}`);
  if (head.etag !== ifMatch) throw new MediaChanged('The object is another one than it was');
  const remove = (): Promise<void> => rm(path, { force: true });
  try {
    await download(store, object, { start: 0, end: head.size, ifMatch }, path, signal);
    const file = await openFileSource(path);
    return {
      size: file.size,
      etag: ifMatch,
      read: (from, to, aborted) => file.read(from, to, aborted),
      close: async () => {
        await file.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    if (error instanceof PreconditionFailed || error instanceof ObjectNotFound) {
      throw new MediaChanged('The object was replaced or deleted while it was downloaded', { cause: error });
    }
    throw error;
  }
}

async function download(
  store: Pick<ObjectStore, 'stream'>,
  object: ObjectRef,
  range: { start: number; end: number; ifMatch: string },
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  // Nobody else of this machine may read what people have recorded.
  const file = await onScratch(() => open(path, 'wx', 0o600));
  try {
    for await (const chunk of store.stream(object, range, signal)) {
      await onScratch(() => file.writeFile(chunk));
    }
  } finally {
    await file.close();
  }
}
