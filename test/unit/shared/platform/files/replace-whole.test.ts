import { once } from 'node:events';
import { createServer } from 'node:net';
import promises, { open } from 'node:fs/promises';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  flushFolder,
  NotWritten,
  replaceFile,
  replaceWhole,
  writeFlushed,
} from '../../../../../src/platform/files/replace-whole.js';
import { mountTinyDisk } from '../../../../full-disk.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vachan-replace-'));
  path = join(folder, 'file');
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const failing =
  (code: string, syscall = 'write') =>
  () =>
    Promise.reject(Object.assign(new Error(code), { code, syscall }));

async function handlePrototype(): Promise<promises.FileHandle> {
  const file = await open(folder, 'r');
  await file.close();
  return Object.getPrototypeOf(file) as promises.FileHandle;
}

describe('replacing a file', () => {
  test('begins one with its mode, or replaces it whole, and leaves nothing beside it', async () => {
    await replaceFile(path, 'first', 0o600);
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['first', 0o600]);
    await replaceFile(path, Buffer.from('second'), 0o640);
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['second', 0o640]);
    await replaceFile(path, '', 0o600);
    expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['', ['file']]);
  });

  test('flushes the bytes before the name leads to them, and the name after', async () => {
    const steps: string[] = [];
    const prototype = await handlePrototype();
    const sync: (this: promises.FileHandle) => Promise<void> = Reflect.get(prototype, 'sync');
    jest.spyOn(prototype, 'sync').mockImplementation(async function (this: promises.FileHandle) {
      steps.push((await this.stat()).isDirectory() ? 'flush folder' : 'flush file');
      return sync.call(this);
    });
    const { rename } = promises;
    jest.spyOn(promises, 'rename').mockImplementation((from, to) => {
      steps.push('rename');
      return rename(from, to);
    });
    await replaceFile(path, 'text', 0o600);
    expect(steps).toEqual(['flush file', 'rename', 'flush folder']);
  });

  test('leaves a link one, and replaces what it leads to', async () => {
    const link = join(folder, 'link');
    writeFileSync(path, 'old');
    symlinkSync(path, link);
    await replaceFile(link, 'new', 0o600);
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['file', 'link']);
  });

  test('lets two at once both end, and one of them whole', async () => {
    const texts = Array.from({ length: 10 }, (_, index) => String(index).repeat(50_000));
    await Promise.all(texts.map((text) => replaceFile(path, text, 0o600)));
    expect(texts).toContain(readFileSync(path, 'utf8'));
    expect(readdirSync(folder)).toEqual(['file']);
  });

  test('takes a name as long as the file system does', async () => {
    const long = join(folder, 'ा'.repeat(85));
    await replaceFile(long, 'text', 0o600);
    expect(readFileSync(long, 'utf8')).toBe('text');
    await expect(replaceFile(`${long}xx`, 'text', 0o600)).rejects.toThrow('its name is too long');
  });

  test('takes away what a killed process left at a name of its own', async () => {
    const unfinished = `${path}.tmp`;
    writeFileSync(unfinished, 'half');
    await replaceFile(path, 'whole', 0o600, unfinished);
    expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['whole', ['file']]);
  });

  test.each<[string, (prototype: promises.FileHandle) => unknown, string]>([
    ['is full at the first byte', (file) => jest.spyOn(file, 'writeFile').mockImplementation(failing('ENOSPC')), 'the disk is full'],
    ['is full when it is flushed', (file) => jest.spyOn(file, 'sync').mockImplementation(failing('ENOSPC', 'fsync')), 'the disk is full'],
    ['lets a quota run out at the flush', (file) => jest.spyOn(file, 'sync').mockImplementation(failing('EDQUOT', 'fsync')), 'the quota of the disk is used up'],
    ['is read-only', () => jest.spyOn(promises, 'open').mockImplementation(failing('EROFS', 'open')), 'the disk is read-only'],
    ['belongs to somebody else', () => jest.spyOn(promises, 'open').mockImplementation(failing('EACCES', 'open')), 'permission is denied'],
    ['does not let the name be taken', () => jest.spyOn(promises, 'rename').mockImplementation(failing('EBUSY', 'rename')), 'it is mounted by itself, so it cannot be replaced: mount its folder'],
    ['fails in a way nobody has words for', () => jest.spyOn(promises, 'rename').mockImplementation(failing('EXDEV', 'rename')), 'EXDEV'],
  ])('leaves the old file and nothing beside it where the disk %s', async (_how, break_, why) => {
    writeFileSync(path, 'old');
    break_(await handlePrototype());
    const failure = await replaceFile(path, 'new', 0o600).catch((error: unknown) => error);
    jest.restoreAllMocks();
    expect(failure).toBeInstanceOf(NotWritten);
    expect((failure as NotWritten).message).toBe(`${path} cannot be written: ${why}.`);
    expect((failure as NotWritten).why).toBe(why);
    expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['old', ['file']]);
    await replaceFile(path, 'new', 0o600);
    expect(readFileSync(path, 'utf8')).toBe('new');
  }); // prettier-ignore

  test('names a folder that is not there, one in its place, and what is no file', async () => {
    const gone = join(folder, 'gone');
    await expect(replaceFile(join(gone, 'file'), '', 0o600)).rejects.toThrow(`there is no folder ${gone}.`);
    await expect(replaceFile(folder, '', 0o600)).rejects.toThrow(`${folder} cannot be written: it is a folder.`);
    writeFileSync(path, 'old');
    await expect(replaceFile(join(path, 'x'), '', 0o600)).rejects.toThrow('a part of its path is a file');
    // As /dev/stdout is none, and renamed over would be a file for everybody.
    const socket = join(folder, 'socket');
    const server = createServer().listen(socket);
    await once(server, 'listening');
    await expect(replaceFile(socket, '', 0o600)).rejects.toThrow('it is no regular file');
    expect([statSync(socket).isSocket(), readdirSync(folder)]).toEqual([true, ['file', 'socket']]);
    server.close();
  }); // prettier-ignore
});

describe('replacing a folder', () => {
  const fill = async (unfinished: string): Promise<void> => {
    mkdirSync(unfinished);
    await writeFlushed(join(unfinished, 'a'), 'new');
    await flushFolder(unfinished);
  };

  test('takes the place of none or an empty one, whole', async () => {
    await replaceWhole(path, fill);
    expect(readdirSync(path)).toEqual(['a']);
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    await replaceWhole(empty, fill);
    expect([readdirSync(empty), readdirSync(folder)]).toEqual([['a'], ['empty', 'file']]);
  });

  test('leaves one that holds something as it is, and nothing of what another error broke off', async () => {
    mkdirSync(path);
    writeFileSync(join(path, 'mine'), '');
    await expect(replaceWhole(path, fill)).rejects.toThrow('it is a folder that holds something');
    const broken = async (unfinished: string): Promise<void> => {
      await fill(unfinished);
      throw new TypeError('not of the disk');
    };
    await expect(replaceWhole(join(folder, 'b'), broken)).rejects.toThrow(new TypeError('not of the disk'));
    expect([readdirSync(path), readdirSync(folder)]).toEqual([['mine'], ['file']]);
  });
});

describe('a full disk of its own', () => {
  const disk = mountTinyDisk();
  afterAll(() => disk?.remove());

  // Elsewhere the failures above stand for it.
  (disk === undefined ? test.skip : test)('keeps the old file, and takes the new one when there is room', async () => {
    const at = join(disk!.folder, 'file');
    await replaceFile(at, 'old', 0o600);
    disk!.fill();
    await expect(replaceFile(at, 'new', 0o600)).rejects.toThrow(`${at} cannot be written: the disk is full.`);
    expect(readFileSync(at, 'utf8')).toBe('old');
    expect(readdirSync(disk!.folder).filter((name) => !name.startsWith('filler'))).toEqual(['file']);
    disk!.free();
    await replaceFile(at, 'new', 0o600);
    expect(readFileSync(at, 'utf8')).toBe('new');
  }); // prettier-ignore
});
