import { ArchiveChanged } from '../../../../src/pipelines/exports/errors.js';
import { buildZip } from '../archive/build-zip.js';
import { fileWorld, metadataOf, opened, type FileWorld } from './file-world.js';

describe('an archive that becomes another one while it is read', () => {
  const one = buildZip([
    { name: 'a', content: 'one' },
    { name: 'b', content: 'two' },
  ]);
  const other = buildZip([
    { name: 'a', content: 'one' },
    { name: 'b', content: 'changed' },
  ]);

  /** Opens `bytes`, whose content is another one's once so many streams were read. */
  const failing = (world: FileWorld, bytes: Buffer) => () =>
    Promise.resolve({
      ...opened(world, bytes),
      // eslint-disable-next-line require-yield, @typescript-eslint/require-await -- as a source that has changed
      async *stream(): AsyncGenerator<Buffer> {
        throw new ArchiveChanged('It has another ETag.');
      },
    });

  function changing(...archives: ('whole' | 'failing')[]): FileWorld {
    const world = fileWorld();
    world.metadata.set('a', metadataOf('one')).set('b', metadataOf('changed'));
    world.archives = archives.map((kind, index) => {
      const bytes = index === 0 ? one : other;
      return kind === 'whole' ? () => Promise.resolve(opened(world, bytes)) : failing(world, bytes);
    });
    return world;
  }

  test('is begun again when its directory has changed', async () => {
    const settled = await changing('failing', 'whole').settle();
    expect(settled.fragment).toMatchObject({
      state: 'settled',
      entries: { uploaded: 2 },
      size: other.length,
    });
  });

  test('goes on when its directory is the same', async () => {
    const world = changing('failing', 'whole');
    world.metadata.set('b', metadataOf('two'));
    world.archives = [failing(world, one), () => Promise.resolve(opened(world, one))];
    expect((await world.settle()).fragment).toMatchObject({ state: 'settled', entries: { uploaded: 2 } });
  });

  test('is given up when it changes a second time', async () => {
    const world = changing('failing', 'failing');
    world.archives.push(() => Promise.resolve(opened(world, buildZip([{ name: 'c', content: 'three' }]))));
    const { fragment } = await world.settle();
    expect(fragment).toMatchObject({ state: 'failed', reason: 'changed' });
  });

  test('is given up when every request finds another name for the same bytes', async () => {
    const world = changing('failing');
    expect((await world.settle()).fragment).toMatchObject({ state: 'failed', reason: 'changed' });
  });
});
