import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../../../tools/stack/folders.js';
import { until } from '../../../until.js';

interface Said {
  url?: string;
  blocking?: boolean;
}

const BLOCK_MS = 5_000;

let child: ChildProcess;
let said: Said[];
let url: string;

beforeEach(async () => {
  said = [];
  child = fork(join(__dirname, 'busy-main-loop.js'), [join(projectRoot(), 'dist')]);
  child.on('message', (message: Said) => said.push(message));
  await until(() => said.some((one) => one.url !== undefined));
  url = said.find((one) => one.url !== undefined)?.url ?? '';
});
afterEach(() => {
  child.kill('SIGKILL');
});

test('health is told while the event loop stalls, and everything else waits for it', async () => {
  child.send({ block: BLOCK_MS });
  await until(() => said.some(({ blocking }) => blocking === true));
  const page = fetch(`${url}/metrics`);
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  // It was told before the loop went on.
  expect(said.some(({ blocking }) => blocking === false)).toBe(false);
  expect(await (await page).text()).toBe('page');
  expect(said.some(({ blocking }) => blocking === false)).toBe(true);
});
