import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareScratch } from '../../../src/workers/scratch.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vachan-scratch-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A folder as a process of that id would have left it. */
function leftBy(pid: number | string, host = hostname()): string {
  const folder = join(root, `${host}-${pid}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'recording'), 'audio');
  return folder;
}

/** The id of a process that has just ended. */
function endedPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

describe('the scratch folder of a process', () => {
  test('is its own, and closed to others', async () => {
    const scratch = await prepareScratch(root);
    expect(scratch.path.startsWith(root)).toBe(true);
    expect(statSync(scratch.path).mode & 0o777).toBe(0o700);
    await scratch.remove();
    expect(existsSync(scratch.path)).toBe(false);
  });

  test('is made with the folders above it', async () => {
    const scratch = await prepareScratch(join(root, 'deep', 'down'));
    expect(existsSync(scratch.path)).toBe(true);
  });

  test('what killed processes of this host left is removed', async () => {
    const left = leftBy(endedPid());
    await prepareScratch(root);
    expect(existsSync(left)).toBe(false);
  });

  test("what a process before it with its own id left is removed, as in a container's restart", async () => {
    const left = leftBy(process.pid);
    const scratch = await prepareScratch(root);
    expect(existsSync(join(left, 'recording'))).toBe(false);
    expect(scratch.path).toBe(left);
  });

  test('what living processes, other hosts and strangers have is left alone', async () => {
    const others = [leftBy(process.ppid), leftBy(endedPid(), 'another-host'), leftBy('notes')];
    await prepareScratch(root);
    expect(others.map((folder) => existsSync(folder))).toEqual([true, true, true]);
  });
});
