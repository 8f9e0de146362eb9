import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import type { ObjectStore } from '../../../../src/objects/data-path/object-store.js';
import { PreconditionFailed } from '../../../../src/objects/write-errors.js';
import { openObjectSource } from '../../../../src/pipelines/interviews/media/sources/object-source.js';

const object = { bucket: 'media', key: 'a.webm' };
const head = { size: 4, etag: '"one"', crc32: undefined, contentType: undefined, metadata: {} };

function storeOf(parts: Partial<ObjectStore>): Pick<ObjectStore, 'head' | 'read'> {
  return {
    head: () => Promise.resolve(head),
    read: () => Promise.reject(new Error('not asked for')),
    ...parts,
  };
}

test('each range is read of the version that was opened', async () => {
  const asked: unknown[] = [];
  const source = await openObjectSource(
    storeOf({
      read: (_object, range) => {
        asked.push(range);
        return Promise.resolve(Buffer.from('bc'));
      },
    }),
    object,
  );
  expect([source.size, source.etag]).toEqual([4, '"one"']);
  await expect(source.read(1, 3)).resolves.toEqual(Buffer.from('bc'));
  expect(asked).toEqual([{ start: 1, end: 3, ifMatch: '"one"' }]);
});

test('an object that is another one by now is told apart from a store that fails', async () => {
  const changed = await openObjectSource(
    storeOf({ read: () => Promise.reject(new PreconditionFailed('412')) }),
    object,
  );
  await expect(changed.read(0, 1)).rejects.toMatchObject({ name: 'MediaChanged', retryable: true });
  const failing = await openObjectSource(
    storeOf({ read: () => Promise.reject(new DependencyUnavailable('no answer')) }),
    object,
  );
  await expect(failing.read(0, 1)).rejects.toMatchObject({ name: 'DependencyUnavailable' });
});

test('another ETag than the one that is meant, or no object, is told when it is opened', async () => {
  await expect(openObjectSource(storeOf({}), object, { ifMatch: '"two"' })).rejects.toMatchObject({
    name: 'MediaChanged',
  });
  await expect(
    openObjectSource(storeOf({ head: () => Promise.resolve(undefined) }), object),
  ).rejects.toMatchObject({ name: 'ObjectNotFound' });
});
