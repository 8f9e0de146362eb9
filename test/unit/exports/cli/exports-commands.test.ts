import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipContent } from '../../../../tools/export-api/zip/zip-content.js';
import { openPlans } from '../../../../src/pipelines/exports/cli/open-plans.js';
import { NoSuchRun } from '../../../../src/temporal/runs/run-errors.js';
import { aDescription, fakeRuns } from '../../shared/cli/fake-context.js';
import { aResult, exportsCli, keys } from './fake-jobs.js';

const NAMES = ['start', 'list', 'status', 'watch', 'cancel', 'retry', 'plan', 'rejects', 'verify', 'inspect'];

describe('vachan exports', () => {
  test.each(NAMES)('%s has help with an example, and --json', async (name) => {
    const { code, out } = await exportsCli([name, '--help']);
    expect(code).toBe(0);
    expect(out.join('\n')).toContain(`$ vachan exports ${name}`);
    expect(out.join('\n')).toContain('--json');
  });

  test('start starts a job under the id that a message would have given it, and joins none twice', async () => {
    const runs = fakeRuns();
    const connectRuns = () => Promise.resolve(runs);
    const ids = ['start', 'a/b', '4711', '--priority', 'high', '--correlation-id', 'c-1', '--json'];
    const { code, json } = await exportsCli(ids, { connectRuns, environment: { TASK_QUEUE: 'vachan' } });
    expect(code).toBe(0);
    expect(json()).toMatchObject([
      { workflow_id: 'export:default:a%2Fb' },
      { workflow_id: 'export:default:4711' },
    ]);
    expect(runs.started).toMatchObject([
      {
        workflowType: 'exportJobWorkflow',
        taskQueue: 'vachan-exports',
        input: { source: 'default', export_id: 'a/b', priority: 'high', correlation_id: 'c-1' },
      },
      { input: { export_id: '4711' } },
    ]);
  });

  test('retry asks for another attempt', async () => {
    const runs = fakeRuns();
    const connectRuns = () => Promise.resolve(runs);
    await exportsCli(['retry', '4711', '--detach'], { connectRuns });
    expect(runs.started).toMatchObject([{ input: { force: true } }]);
  });

  test('plan asks for the settings that it uses, and for no queue or state', async () => {
    const { code, err } = await exportsCli(['plan', '4711'], { environment: {} });
    expect(code).toBe(1);
    const named = [...err.join('\n').matchAll(/- (\w+) is not set/g)].map(([, name]) => name);
    expect(named).toEqual(['EXPORT_METADATA_TABLE', 'EXPORT_OUTPUT_PREFIX']);
    const plans = openPlans({
      EXPORT_API_URL: 'https://exports.example.org',
      EXPORT_METADATA_TABLE: 'rows',
      EXPORT_OUTPUT_PREFIX: 's3://out/exports',
    });
    await plans.close();
  });

  test.each([
    [['start', 'a\u0001b'], 'export id'],
    [['status', '4711', '--source', 'No Such'], '--source'],
    [['list', '--since', 'yesterday'], '--since'],
    [['list', '--state', 'lost'], '--state'],
    [['rejects', '4711', '--attempt', '0'], '--attempt'],
  ])('%j is refused with a sentence that names what is wrong', async (args, named) => {
    const { code, err } = await exportsCli(args);
    expect(code).toBe(2);
    expect(err[0]).toContain(named);
    expect(err.join('\n')).not.toContain('not foreseen');
  });
});

describe('vachan exports status', () => {
  const forgotten = { describe: () => Promise.reject(new NoSuchRun('gone')) };
  const connectRuns = () => Promise.resolve(fakeRuns(forgotten));

  test.each([
    ['succeeded', 0],
    ['partial', 3],
    ['cancelled', 3],
    ['failed', 1],
  ] as const)(
    'knows a job that Temporal has forgotten by its result: %s ends with %i',
    async (state, code) => {
      const run = await exportsCli(['status', '4711'], { connectRuns, kept: { result: aResult({ state }) } });
      expect(run.code).toBe(code);
      expect(run.out.join('\n')).toContain('S3 keeps its result');
      expect(run.out.join('\n')).toMatch(/uploaded +2/);
    },
  );

  test('says of a job that nobody knows that there is none', async () => {
    const { code, err } = await exportsCli(['status', '4711'], { connectRuns });
    expect([code, err[0]]).toEqual([1, expect.stringContaining('4711 of source default is no job')]);
  });

  test('shows how far a running one is', async () => {
    const status = {
      ...{ status: 'running', stage: 'working', source: 'default', export_id: '4711', attempt: 1 },
      ...{ priority: 'normal', correlation_id: 'c-1', paused: false, looks: 1 },
      files: { listed: 10, all_listed: false, dispatched: 8, settled: 3 },
      tasks: { outstanding: 5, undispatched: 2, sent_again: 1 },
      ...{ started_at: '2025-12-20T13:44:00.000Z', updated_at: '2025-12-20T13:45:00.000Z' },
    };
    const runs = fakeRuns({
      describe: () => Promise.resolve(aDescription({ workflow_id: 'export:default:4711' })),
      status: () => Promise.resolve({ kind: 'answered', summary: status }),
    });
    const { code, out } = await exportsCli(['status', '4711'], { connectRuns: () => Promise.resolve(runs) });
    expect(code).toBe(0);
    expect(out.join('\n')).toContain('10 listed so far, 3 settled');
    expect(out.join('\n')).toContain('5 out, 2 to come, 1 sent again');
  });
});

describe('vachan exports rejects', () => {
  const rejected = {
    file_id: 'f',
    file_name: 'one.zip',
    entry: 'a\\x00b',
    ordinal: 0,
    reason: 'name_unsafe',
  };
  const kept = {
    result: aResult(),
    lines: { [keys.rejects()]: [rejected], [keys.missing()]: [{ entry: 'c' }] },
  };

  test('shows what was rejected, or what is missing', async () => {
    const { code, out } = await exportsCli(['rejects', '4711'], { kept });
    expect(code).toBe(0);
    expect(out[0]).toMatch(/FILE +ENTRY +REASON +DETAIL\none\.zip +a\\x00b +name_unsafe/);
    expect((await exportsCli(['rejects', '4711', '--missing', '--json'], { kept })).json()).toEqual([
      { entry: 'c' },
    ]);
  });

  test('says where there is no result', async () => {
    const { code, err } = await exportsCli(['rejects', '4711']);
    expect([code, err[0]]).toEqual([1, expect.stringContaining('has no result yet')]);
  });
});

describe('vachan exports inspect', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vachan-inspect-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function archive(name: string, ...entries: Parameters<typeof zipContent>): string {
    const content = zipContent(...entries);
    const path = join(folder, name);
    writeFileSync(path, Buffer.concat([...content.read(0, content.size)]));
    return path;
  }

  test('needs no settings and no servers, and says what would be taken', async () => {
    const path = archive('good.zip', [{ name: 'a.txt', data: Buffer.from('hello') }]);
    const { code, json } = await exportsCli(['inspect', path, '--json']);
    expect(code).toBe(0);
    expect(json()).toEqual([{ file: path, entries: [{ name: 'a.txt', size: 5, crc32: '3610a686' }] }]);
  });

  test('ends with 1 where an entry, or the file, is refused', async () => {
    const entry = archive('bad.zip', [{ name: '../a.txt', data: Buffer.from('hello') }]);
    const bad = await exportsCli(['inspect', entry]);
    expect([bad.code, bad.out.join('\n')]).toEqual([1, expect.stringContaining('name_unsafe')]);
    const cut = archive('cut.zip', [{ name: 'a.txt', data: Buffer.from('hello') }], { cut: 30 });
    expect((await exportsCli(['inspect', cut, '--json'])).json()).toMatchObject([
      { reason: 'truncated', entries: [] },
    ]);
  });

  test('says of what is no archive that can be read what it is, and waits for nothing', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const [target, why] of [
      [join(folder, 'absent.zip'), 'cannot be read: ENOENT'],
      [join(folder, 'a', '\0.zip'), 'cannot be read'],
      [folder, 'is not a regular file'],
      [pipe, 'is not a regular file'],
      ['http://user:secret@[/x.zip?sig=secret', 'file_or_url: "http://[/x.zip" is no address'],
    ] as const) {
      const { code, out, err } = await exportsCli(['inspect', target]);
      expect([code, out, err]).toEqual([2, [], [expect.stringContaining(why)]]);
      expect(err.join()).not.toContain('secret');
    }
  });

  test('says why a link brings nothing as it says it of a file', async () => {
    const server = createServer((_, response) => void response.writeHead(404).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.zip`;
    const { code, json } = await exportsCli(['inspect', `${url}?sig=secret`, '--json']);
    expect([code, json()]).toEqual([1, [{ file: url, reason: 'gone', entries: [] }]]);
    server.closeAllConnections();
    server.close();
  });

  test('lists as many entries as an archive has', async () => {
    const entries = Array.from({ length: 150_000 }, (_, n) => ({ name: `${n}`, method: 'store' as const }));
    const { code, out } = await exportsCli(['inspect', archive('many.zip', entries)]);
    expect([code, out.join('\n').split('\n').at(-1)]).toEqual([
      0,
      expect.stringContaining('150,000 entries'),
    ]);
  });
});
