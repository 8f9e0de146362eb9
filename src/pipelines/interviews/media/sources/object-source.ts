import { ObjectNotFound } from '../../../../objects/errors.js';
import type { ObjectRef, ObjectStore } from '../../../../objects/data-path/object-store.js';
import { PreconditionFailed } from '../../../../objects/write-errors.js';
import { MediaChanged } from '../media-errors.js';
import type { MediaSource } from '../media-source.js';

/**
 * An object in a store, read by ranges of the one version that was there when it was opened.
 *
 * @param ifMatch the ETag that is meant; without it, the one that is there now
 * @throws ObjectNotFound when there is none; MediaChanged when it is another one; what the store throws
 */
export async function openObjectSource(
  store: Pick<ObjectStore, 'head' | 'read'>,
  object: ObjectRef,
  { ifMatch, signal }: { ifMatch?: string | undefined; signal?: AbortSignal | undefined } = {},
): Promise<MediaSource> {
  const head = await store.head(object, signal);
  if (head === undefined) throw new ObjectNotFound(`There is no such object in s3://${object.bucket}`);
  const etag = head.etag ?? '';
  if (ifMatch !== undefined && etag !== ifMatch)
    throw new MediaChanged('The object is another one than it was');
  return {
    size: head.size,
    etag,
    async read(start, end, aborted) {
      try {
        return await store.read(object, { start, end, ...(etag !== '' && { ifMatch: etag }) }, aborted);
      } catch (error) {
        if (error instanceof PreconditionFailed || error instanceof ObjectNotFound) {
          throw new MediaChanged('The object was replaced or deleted while it was read', { cause: error });
        }
        throw error;
      }
    },
    close: () => Promise.resolve(),
  };
}
