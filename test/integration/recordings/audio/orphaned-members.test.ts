import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../../until.js';

/** `S` for one that sleeps in a system call; undefined when it is gone, or dead and waits for its parent to notice. */
function stateOf(pid: number): string | undefined {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0];
    return state === 'Z' ? undefined : state;
  } catch {
    return undefined;
  }
}

test('members that hang in native code die soon after a parent that was killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vachan-fifo-'));
  const fifo = join(folder, 'recording');
  execFileSync('mkfifo', [fifo]);
  const parent = spawn(process.execPath, [join(__dirname, 'engine-parent.js'), fifo], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed] = (await once(parent.stdout, 'data')) as [Buffer];
  const members = JSON.parse(printed.toString()) as number[];
  expect(members.map(stateOf)).not.toContain(undefined);

  parent.kill('SIGKILL');
  await once(parent, 'close');
  await until(() => members.every((pid) => stateOf(pid) === undefined));
  rmSync(folder, { recursive: true });
});
