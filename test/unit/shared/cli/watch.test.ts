import { renderWatch, sparkline, type WatchView } from '../../../../src/commands/watch/render-watch.js';
import { createWatchScreen, type Screen } from '../../../../src/commands/watch/watch-screen.js';
import { viewRun } from '../../../../src/pipelines/recordings/cli/runs/present-run.js';
import { textWidth } from '../../../../src/commands/terminal/table.js';
import { noOutcomes } from '../../../../src/pipelines/recordings/contract/outcome.js';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import type { Terminal } from '../../../../src/commands/terminal/terminal.js';
import { runCli } from '../../../../src/cli/program.js';
import { aDescription, aSummary, cli, fakeRuns } from './fake-context.js';

const NOW = new Date('2025-12-20T13:55:00.000Z');
const plain = { columns: 80, rows: 40, colour: false };
const summary = aSummary({
  discovery: { pages: 90, discovered: 9_000, enqueued: 9_000, existing: 210, late: 0 },
  lanes: 4,
  backlog: { visible: 4_100, in_flight: 130, delayed: 12, inference_workers: 2 },
  outcomes: { ...noOutcomes(), completed: 4_512, skipped_existing: 12, failed_pre_inference: 27 },
  failures: { AudioTruncated: 9, AudioNotFound: 18 },
});
const view = (changes: Partial<WatchView> = {}): WatchView => ({
  target: '2025-12-20',
  run: viewRun(summary),
  retried: [],
  progress: { done: 4_524, known: 9_000, knownIs: 'exact', perSecond: 3 },
  rates: [1, 2, 4],
  now: NOW,
  remark: undefined,
  ...changes,
});

describe('a frame of watch', () => {
  test('shows progress, rate, time left, lanes, queue, outcomes and failures by cause', () => {
    const frame = renderWatch(view(), plain).join('\n');
    expect(frame).toMatch(/^2025-12-20 {2}running \(backfill\) {2}for 11 min 00 s\n/);
    expect(frame).toMatch(/█+░+ +50 % {2}4,524 of 9,000/);
    expect(frame).toMatch(/Rate +180 a minute {2}\S{3} {2}about 24 min 52 s left/);
    expect(frame).toMatch(/Lanes +●●●● 4 under way on 2 inference workers/);
    expect(frame).toMatch(/Queue +4,100 waiting, 130 in flight, 12 delayed/);
    expect(frame).toMatch(/completed +4,512 ▇+\n/);
    expect(frame.indexOf('AudioNotFound')).toBeLessThan(frame.indexOf('AudioTruncated'));
    expect(frame).toMatch(/Ctrl-C leaves; the run goes on\.$/);
  });

  test.each([20, 40, 80, 200])('is never wider than %d columns, with colours or without', (columns) => {
    const target = 'discovery:a_collection_with_quite_a_long_name_indeed:2025-12-20 वाचन';
    for (const colour of [true, false]) {
      for (const line of renderWatch(view({ target }), { columns, rows: 40, colour })) {
        // eslint-disable-next-line no-control-regex -- colours take no place
        expect(textWidth(line.replace(/\u001b\[\d+m/g, ''))).toBeLessThanOrEqual(columns);
      }
    }
  });

  test('is never higher than the terminal, and keeps the way out', () => {
    const lines = renderWatch(view(), { ...plain, rows: 8 });
    expect(lines).toHaveLength(8);
    expect(lines[7]).toBe('Ctrl-C leaves; the run goes on.');
  });

  test('has colours only where they are wanted', () => {
    expect(renderWatch(view(), plain).join('')).not.toContain('\u001b');
    expect(renderWatch(view(), { ...plain, colour: true }).join('')).toContain('\u001b[32m');
  });

  test('lets nothing from elsewhere move the cursor', () => {
    const failures = { 'Audio\u001b[2JGone': 1, 'Audio\u202eenoG': 1 };
    const frame = renderWatch(view({ run: viewRun({ ...summary, failures }) }), plain).join('\n');
    expect(frame).toContain('Audio\\u{1b}[2JGone');
    expect(frame).toContain('Audio\\u{202e}enoG');
  });

  test('says that no worker is alive, and why it is not fresh', () => {
    const backlog = { ...summary.backlog!, inference_workers: 0 };
    const remark = 'Temporal does not answer; trying on';
    const frame = renderWatch(view({ run: viewRun({ ...summary, backlog }), remark }), plain).join('\n');
    expect(frame).toContain('No inference worker is alive');
    expect(frame).toContain(remark);
    expect(frame).toMatch(/completed +4,512/);
    expect(renderWatch(view({ run: undefined, remark: 'starting' }), plain)).toContain('starting');
  });

  test('says above its numbers what holds the run up', () => {
    const retried = [{ step: 'upsertResults', batches: 4, attempt: 7, error: 'MongoDB does not answer' }];
    const [, , heldUp] = renderWatch(view({ retried }), plain);
    expect(heldUp).toBe('Held up  upsertResults of 4 batches, try 7: MongoDB does not answer');
  });

  test('draws rates as high as they are', () => {
    expect(sparkline([0, 1, 2, 4])).toBe('▁▃▅█');
    expect(sparkline([0, 0])).toBe('▁▁');
    expect(sparkline([])).toBe('');
  });
});

function fakeScreen(): Screen & { written: string[] } {
  const written: string[] = [];
  return {
    written,
    columns: 80,
    rows: 24,
    write: (text: unknown) => {
      written.push(String(text));
      return true;
    },
  };
}

describe('the screen of watch', () => {
  test('writes frames over each other, clears nothing first, and gives the terminal back once', () => {
    const screen = fakeScreen();
    const watch = createWatchScreen({ screen, target: '2025-12-20', colour: true, now: () => NOW });
    watch.remark('starting');
    watch.show(viewRun(summary), []);
    watch.stop();
    watch.stop();
    const [enter, first, second, leave] = screen.written;
    expect(screen.written).toHaveLength(4);
    expect(enter).toContain('\u001b[?1049h');
    for (const frame of [first, second]) expect(frame?.startsWith('\u001b[?2026h\u001b[H')).toBe(true);
    expect(screen.written.join('')).not.toContain('\u001b[2J');
    expect(leave).toBe('\u001b[?25h\u001b[?1049l');
  });
});

test('a terminal that does not say its size gets frames of 80 columns', () => {
  const screen = { ...fakeScreen(), columns: 0, rows: 0 };
  const watch = createWatchScreen({ screen, target: '2025-12-20', colour: false, now: () => NOW });
  watch.show(viewRun(summary), []);
  expect(screen.written[1]).toContain('4 under way on 2 inference workers');
});

/** Watches on a terminal that can be redrawn. */
async function watchOnScreen(
  runs: ReturnType<typeof fakeRuns>,
  environment: Record<string, string> = {},
): Promise<{ screen: string; out: string[]; code: number }> {
  const screen = fakeScreen();
  const out: string[] = [];
  const terminal: Terminal = {
    out: (text) => void out.push(text),
    err: (text) => void out.push(text),
    live: screen as unknown as NodeJS.WriteStream,
    columns: 80,
  };
  const code = await runCli(['watch', '2025-12-20'], {
    ...({} as Parameters<typeof runCli>[1]),
    terminal,
    readEnvironment: () => environment,
    connectRuns: () => Promise.resolve(runs),
    onInterrupt: () => () => undefined,
    now: () => NOW,
    sleep: () => Promise.resolve(),
  });
  return { screen: screen.written.join(''), out, code };
}

describe('vachan watch', () => {
  test('goes on while Temporal is away, says so, and ends with the summary', async () => {
    let looks = 0;
    const runs = fakeRuns({
      describe: () => {
        looks++;
        if (looks % 4 === 2) return Promise.reject(new DependencyUnavailable('gone'));
        return Promise.resolve(aDescription(looks % 4 === 0 ? { state: 'completed' } : {}));
      },
    });
    const { screen, out, code } = await watchOnScreen(runs);
    expect(screen).toContain('Temporal does not answer; trying on');
    expect(screen.endsWith('\u001b[?25h\u001b[?1049l')).toBe(true);
    expect(out.join('\n')).toMatch(/Status +completed/);
    expect(code).toBe(0);
  });

  test('gives the terminal back when something breaks', async () => {
    let looks = 0;
    const runs = fakeRuns({
      describe: () =>
        ++looks % 2 === 1 ? Promise.resolve(aDescription()) : Promise.reject(new Error('broken')),
    });
    const { screen, code } = await watchOnScreen(runs);
    expect(screen.endsWith('\u001b[?25h\u001b[?1049l')).toBe(true);
    expect(code).toBe(1);
  });

  test('has no colours with NO_COLOR', async () => {
    const { screen } = await watchOnScreen(fakeRuns(), { NO_COLOR: '1' });
    for (const code of [31, 32, 33, 36]) expect(screen).not.toContain(`\u001b[${code}m`);
  });

  test('writes lines where there is no screen', async () => {
    const { code, err, out } = await cli(['watch', '2025-12-20'], {
      connectRuns: () => Promise.resolve(fakeRuns()),
    });
    expect(code).toBe(0);
    expect(err.join('\n')).toMatch(/9 of 10 done/);
    expect([...err, ...out].join('')).not.toContain('\u001b');
  });
});
