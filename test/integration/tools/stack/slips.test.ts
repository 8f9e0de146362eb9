import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../../tools/stack/folders.js';
import { freshFolder } from '../../embedded-stack.js';

/** What is not refused would run for minutes. */
const SLIP_TIMEOUT_MS = 30_000;

const run = (file: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, [file, ...args], {
    cwd: projectRoot(),
    encoding: 'utf8',
    timeout: SLIP_TIMEOUT_MS,
  });

const BENCHES = [
  ...[
    'audio',
    'discovery',
    'dispatch',
    'elastic',
    'model',
    'night',
    'open-jobs',
    'pages',
    'pipeline',
    'report',
    'share',
  ],
];
const TOOLS = ['demo/main.js', 'stack-main.js', 'chaos/main.js', 'chaos/soak/main.js', 'fuzz/main.js'].map(
  (tool) => `tools/dist/${tool}`,
);

/** A slip: what was typed, and a word of the one line that answers it. */
const slips: [string, string[], RegExp][] = [
  ...BENCHES.flatMap((name): [string, string[], RegExp][] => [
    [`bench ${name}`, ['bench/main.mjs', name, '--json'], /'--json <file>' argument missing/],
    [`bench ${name}`, ['bench/main.mjs', name, '--no-such'], /unknown option '--no-such'/],
  ]),
  ...TOOLS.flatMap((tool): [string, string[], RegExp][] => [
    [tool, [tool, '--no-such'], /unknown option '--no-such'/],
    [
      tool,
      [tool, 'extra'],
      /too many arguments: "extra"; expected options only|'extra' is invalid for argument '\w+'\. Allowed choices are/,
    ],
  ]),
  ['bench report', ['bench/main.mjs', 'report', '--records', '-1'], /argument '-1' is invalid/],
  ['bench pages', ['bench/main.mjs', 'pages', '--records', 'abc'], /argument 'abc' is invalid/],
  ['bench pages', ['bench/main.mjs', 'pages', '--records', ''], /argument '' is invalid/],
  ['bench pages', ['bench/main.mjs', 'pages', '--page', '1e3'], /whole number, 1 or more/],
  ['bench report', ['bench/main.mjs', 'report', '--minutes', 'Infinity'], /a number, 0 or more/],
  ['bench model', ['bench/main.mjs', 'model', '--model', 'nowhere'], /a folder that is there/],
  [
    'bench audio',
    ['bench/main.mjs', 'audio', '--beside', 'test'],
    /a checkout of this project after its npm ci: dist\/workers\/main.js is not there/,
  ],
  ['bench discovery', ['bench/main.mjs', 'discovery', '--source', 'mysql'], /postgres, mongo/],
  ['bench night', ['bench/main.mjs', 'night', '--json', '/proc/no/such.json'], /a file that can be written/],
  ['demo', ['tools/dist/demo/main.js', '--records', '12.5'], /whole number, 12 or more/],
  ['stack', ['tools/dist/stack-main.js', '--exports', '--records', '20'], /cannot be used with/],
  ['stack', ['tools/dist/stack-main.js', '--exports', '--interviews'], /cannot be used with/],
  ['demo', ['tools/dist/demo/main.js', 'interviews', '--large-mb', '1'], /whole number, 60 or more/],
  ['chaos', ['tools/dist/chaos/main.js', 'interviews', '--points', 'nowhere'], /nowhere is none of/],
  ['chaos', ['tools/dist/chaos/main.js', '--json', 'package.json/x.json'], /a file that can be written/],
  ['soak', ['tools/dist/chaos/soak/main.js', '--minutes', ''], /a number, 0.2 or more/],
  ['audit', ['scripts/audit.mjs', '--no-such'], /unknown argument --no-such/],
  ['test', ['scripts/test.mjs', 'audio'], /Unknown argument audio/],
];

test.each(
  slips.map(([name, command, answer]) => [name, command.slice(1).join(' '), command, answer] as const),
)("%s answers a slip in one line, with exit code 2: '%s'", (_name, _typed, command, answer) => {
  const { status, stdout, stderr } = run(...(command as [string, ...string[]]));
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(answer);
  expect(stderr.trimEnd()).not.toContain('\n');
});

test('a result may go into a folder that is not there yet, but not over a folder', () => {
  const folder = freshFolder();
  const file = join(folder, 'new', 'folder', 'result.json');
  expect(run('bench/main.mjs', 'night', '--quick', '--json', file)).toMatchObject({ status: 0 });
  mkdirSync(join(folder, 'taken'));
  expect(run('bench/main.mjs', 'night', '--quick', '--json', join(folder, 'taken'))).toMatchObject({
    status: 2,
  });
});
