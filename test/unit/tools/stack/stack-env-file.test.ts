import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimStackEnvFile, StackRunning } from '../../../../tools/stack/stack-env-file.js';
import { parseDotenv } from '../../../../src/platform/config/dotenv.js';

const read = (path: string): unknown =>
  Object.fromEntries(parseDotenv(readFileSync(path, 'utf8'), {}).values);

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function freshPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vachan-env-'));
  folders.push(folder);
  return join(folder, '.stack.env');
}
const header = (pid: number): string => `# Written by npm run stack; removed when it ends. Process ${pid}\n`;

describe('the file of the running stack', () => {
  test('is read back as it was written', () => {
    const path = freshPath();
    const env = { MONGO_URI: 'mongodb://127.0.0.1:1/?directConnection=true', CSV: '/a folder/#1.csv' };
    claimStackEnvFile(path).write(env);
    expect(read(path)).toEqual(env);
  });

  test('refuses a second stack while the first one lives', () => {
    const path = freshPath();
    const living = spawn('sleep', ['60']);
    writeFileSync(path, header(living.pid ?? 0));
    try {
      expect(() => claimStackEnvFile(path)).toThrow(StackRunning);
      expect(() => claimStackEnvFile(path)).toThrow(`process ${living.pid}`);
    } finally {
      living.kill();
    }
  });

  test('is taken over from a stack that was killed', () => {
    const path = freshPath();
    writeFileSync(path, header(spawnSync('true').pid));
    claimStackEnvFile(path).write({ A: '1' });
    expect(read(path)).toEqual({ A: '1' });
  });

  test('is removed at the end, unless it belongs to another stack by then', () => {
    const path = freshPath();
    const ours = claimStackEnvFile(path);
    writeFileSync(path, header(1));
    ours.release();
    expect(existsSync(path)).toBe(true);
    writeFileSync(path, header(process.pid));
    ours.release();
    expect(existsSync(path)).toBe(false);
  });
});
