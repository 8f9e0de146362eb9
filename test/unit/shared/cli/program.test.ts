import { textWidth, tableLines } from '../../../../src/commands/terminal/table.js';
import { durationText } from '../../../../src/commands/words.js';
import { cli } from './fake-context.js';

const NESTED = [
  ...['dlq list', 'dlq show', 'dlq redrive', 'dlq purge'],
  ...['create', 'list', 'describe', 'pause', 'unpause', 'trigger', 'delete', 'backfill'].map(
    (name) => `schedule ${name}`,
  ),
];
const COMMANDS = [
  ...['start', 'ingest', 'status', 'pause', 'resume', 'drain', 'set-limits'],
  ...['push-audio-urls', 'seed-sqs', 'score', 'features', 'evaluate', 'calibrate', 'doctor'],
];

describe('the vachan command', () => {
  test('lists its commands, with examples', async () => {
    const { code, out } = await cli(['--help']);
    expect(code).toBe(0);
    const help = out.join('\n');
    for (const command of COMMANDS) expect(help).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(help).toContain('$ vachan start 2025-12-20');
    const comments = [...help.matchAll(/^ {2}\$ .*?(?= #)/gm)].map(([before]) => before.length);
    expect([...new Set(comments)]).toHaveLength(1);
  });

  test.each([...COMMANDS, ...NESTED])('has examples and --json in the help of %s', async (command) => {
    const { code, out } = await cli([...command.split(' '), '--help']);
    expect(code).toBe(0);
    expect(out.join('\n')).toMatch(/--json[\s\S]*Examples:\n {2}\$ vachan /);
  });

  test('shows its help when nothing is asked of it, as a mistake', async () => {
    const { code, out, err } = await cli([]);
    expect({ code, out }).toEqual({ code: 2, out: [] });
    expect(err.join('\n')).toContain('Usage: vachan');
  });

  test('guesses what a mistyped command was to be', async () => {
    const { code, err } = await cli(['strat']);
    expect(code).toBe(2);
    expect(err.join('\n')).toMatch(
      /^vachan: unknown command 'strat'\n\(Did you mean start\?\)\nSee: vachan --help$/,
    );
  });

  test('shows a stack only to who asks for it', async () => {
    const parts = { connectRuns: () => Promise.reject(new Error('a bug')) };
    const plain = await cli(['status', '2025-12-20'], parts);
    expect(plain.err).toEqual([
      'vachan: a bug',
      'This was not foreseen; LOG_LEVEL=debug shows where it happened.',
    ]);
    const debug = await cli(['status', '2025-12-20'], { ...parts, environment: { LOG_LEVEL: 'debug' } });
    expect(debug.err.join('\n')).toMatch(/program\.test\.ts/);
  });
});

describe('text for people', () => {
  test('aligns columns by what is seen, in Devanagari too', () => {
    expect(textWidth('वाचन')).toBe(3);
    expect(tableLines([{ title: 'name' }, { title: 'n', align: 'right' }], [['वाचन', '7']])).toEqual([
      'name  n',
      'वाचन   7',
    ]);
  });

  test.each([
    [0.4, '0 s'],
    [187, '3 min 07 s'],
    [7500, '2 h 05 min'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });
});
