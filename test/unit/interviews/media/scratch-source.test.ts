import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ObjectStore } from '../../../../src/objects/data-path/object-store.js';
import { PreconditionFailed } from '../../../../src/objects/write-errors.js';
import { openScratchSource } from '../../../../src/pipelines/interviews/media/sources/scratch-source.js';

const object = { bucket: 'media', key: 'a.webm' };
const head = { size: 6, etag: '"one"', crc32: undefined, contentType: undefined, metadata: {} };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vachan-scratch-source-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function* pieces(): AsyncGenerator<Buffer> {
  yield Buffer.from('abc');
  await Promise.resolve();
  yield Buffer.from('def');
}

const open = (stream: ObjectStore['stream'], ifMatch = '"one"') =>
  openScratchSource({ head: () => Promise.resolve(head), stream }, object, join(folder, 'm'), { ifMatch });

test('an object is read from a file of this process alone, which goes with its source', async () => {
  const source = await open(pieces);
  expect([source.size, source.etag]).toEqual([6, '"one"']);
  await expect(source.read(2, 5)).resolves.toEqual(Buffer.from('cde'));
  expect((await stat(join(folder, 'm'))).mode & 0o777).toBe(0o600);
  await source.close();
  expect(await readdir(folder)).toEqual([]);
});

test('an object that is another one before or during its download leaves no file', async () => {
  await expect(open(pieces, '"other"')).rejects.toMatchObject({ name: 'MediaChanged' });
  async function* replaced(): AsyncGenerator<Buffer> {
    yield Buffer.from('abc');
    await Promise.resolve();
    throw new PreconditionFailed('412');
  }
  await expect(open(replaced)).rejects.toMatchObject({ name: 'MediaChanged' });
  expect(await readdir(folder)).toEqual([]);
});
