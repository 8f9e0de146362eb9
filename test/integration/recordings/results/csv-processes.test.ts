import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { freshFolder } from '../../embedded-stack.js';

async function run(...args: string[]): Promise<{ code: number | null; signal: string | null }> {
  const child = spawn(process.execPath, [join(__dirname, 'csv-appender.js'), ...args], { stdio: 'inherit' });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return { code, signal };
}

const messageIds = (path: string) =>
  parse<{ message_id: string }>(readFileSync(path, 'utf8'), { columns: true, record_delimiter: '\n' }).map(
    (row) => row.message_id,
  );

const idsOf = (name: string, batches: number) =>
  Array.from({ length: batches }, (_, batch) =>
    Array.from({ length: 20 }, (__, i) => `${name}-${batch}-${i}`),
  ).flat();

test('several processes append to one file: one header, every row once, batches unbroken', async () => {
  const path = join(freshFolder(), 'results.csv');
  const names = ['a', 'b', 'c', 'd'];
  const ends = await Promise.all(names.map((name) => run(path, name, '15')));
  expect(ends.map((end) => end.code)).toEqual([0, 0, 0, 0]);
  const ids = messageIds(path);
  for (const name of names) expect(ids.filter((id) => id.startsWith(`${name}-`))).toEqual(idsOf(name, 15));
  expect(ids).toHaveLength(4 * 15 * 20);
  const batchesInOrder = ids.filter((_, i) => i % 20 === 0).map((id) => id.slice(0, -2));
  expect(ids.map((id) => id.replace(/-\d+$/, ''))).toEqual(
    batchesInOrder.flatMap((b) => Array<string>(20).fill(b)),
  );
});

test('a process killed in the middle of an append leaves no torn row behind', async () => {
  const path = join(freshFolder(), 'results.csv');
  expect((await run(path, 'killed', '3', '1234')).signal).toBe('SIGKILL');
  expect(readFileSync(path, 'utf8').endsWith('\n')).toBe(false);
  expect((await run(path, 'next', '2')).code).toBe(0);
  expect(messageIds(path)).toEqual([...idsOf('killed', 2), ...idsOf('next', 2)]);
});
