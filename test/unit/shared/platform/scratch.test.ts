import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ownIdentity,
  SILENT_AFTER_MS,
  type ProcessIdentity,
} from '../../../../src/platform/scratch/scratch-owner.js';
import {
  defaultScratchRoot,
  prepareScratch,
  type Scratch,
} from '../../../../src/platform/scratch/scratch.js';

let root: string;
let made: Scratch[];
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'vachan-test-')));
  made = [];
});
afterEach(async () => {
  for (const scratch of made) await scratch.remove();
  rmSync(root, { recursive: true, force: true });
});

async function prepare(path: string | undefined = root): Promise<Scratch> {
  const scratch = await prepareScratch(path);
  made.push(scratch);
  return scratch;
}

/** A folder as another process would have left it. */
async function leftBy(changes: Partial<ProcessIdentity>, silentMs = 0): Promise<string> {
  const folder = mkdtempSync(join(root, 'vachan-'));
  writeFileSync(join(folder, 'recording'), 'audio');
  const owner = join(folder, 'owner.json');
  writeFileSync(owner, JSON.stringify({ ...(await ownIdentity()), ...changes }));
  const at = new Date(Date.now() - silentMs);
  utimesSync(owner, at, at);
  return folder;
}

/** The id of a process that has just ended. */
function endedPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

describe('the scratch folder of a process', () => {
  test('is its own, of a new name each time, and closed to others', async () => {
    const [one, other] = [await prepare(), await prepare()];
    expect(one.path.startsWith(root)).toBe(true);
    expect(one.path).not.toBe(other.path);
    expect(statSync(one.path).mode & 0o777).toBe(0o700);
    expect(statSync(join(one.path, 'owner.json')).mode & 0o777).toBe(0o600);
    await one.remove();
    expect(existsSync(one.path)).toBe(false);
  });

  test('is made with the folders above it', async () => {
    expect(existsSync((await prepare(join(root, 'deep', 'down'))).path)).toBe(true);
  });

  test('what a process of this machine and container left is removed, also where its id was given out again', async () => {
    const left = [
      await leftBy({ pid: endedPid() }),
      await leftBy({ started: '1' }),
      await leftBy({ pid: process.ppid, started: '1' }),
    ];
    await prepare();
    expect(left.map((folder) => existsSync(folder))).toEqual([false, false, false]);
  });

  test('what another container left is removed after a long silence only, whatever its process id', async () => {
    const alive = await leftBy({ pid_namespace: 'pid:[1]' });
    const silent = await leftBy({ pid_namespace: 'pid:[1]' }, SILENT_AFTER_MS + 60_000);
    await prepare();
    expect([alive, silent].map((folder) => existsSync(folder))).toEqual([true, false]);
  });

  test('what living processes, other machines and strangers have is left alone', async () => {
    const living = await prepare();
    const other = await leftBy({ machine: 'another', pid: endedPid() });
    const notes = join(root, 'vachan-notes');
    mkdirSync(notes);
    await prepare();
    expect([living.path, other, notes].map((folder) => existsSync(folder))).toEqual([true, true, true]);
  });
});

describe('the default scratch folder', () => {
  test('is closed to others', async () => {
    const scratch = await prepareScratch(undefined, root);
    made.push(scratch);
    expect(statSync(defaultScratchRoot(root)).mode & 0o777).toBe(0o700);
  });

  test('is refused where somebody left it open', async () => {
    mkdirSync(defaultScratchRoot(root));
    chmodSync(defaultScratchRoot(root), 0o777);
    await expect(prepareScratch(undefined, root)).rejects.toThrow('is open to other users (mode 777)');
  });

  test('is refused where somebody put a link in its place', async () => {
    mkdirSync(join(root, 'theirs'));
    symlinkSync(join(root, 'theirs'), defaultScratchRoot(root));
    await expect(prepareScratch(undefined, root)).rejects.toThrow('is a link');
  });
});
