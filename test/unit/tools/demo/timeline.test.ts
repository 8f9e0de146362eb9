import type { InterviewResult, SeriesColumns } from '../../../../src/pipelines/interviews/contract/result.js';
import { timeline } from '../../../../tools/demo/interviews/timeline.js';

const SECONDS = 60;
const each = <T>(value: (second: number) => T): T[] => Array.from({ length: SECONDS }, (_, at) => value(at));

function resultOf(columns: Partial<SeriesColumns>, more: object = {}): InterviewResult {
  const nothing = each(() => null);
  const all = { faces: nothing, yaw: nothing, pitch: nothing, speech: nothing, level: nothing, ...columns };
  return {
    media: { duration: SECONDS },
    series: { stored: 'document', columns: { time: each((at) => at), ...all } },
    ...more,
  } as unknown as InterviewResult;
}

const video = { head: { own_median: { yaw: 2 } } };

test('shows how many faces there are, and where the head is turned', () => {
  const lines = timeline(
    resultOf(
      {
        faces: each((at) => (at < 20 ? 1 : at < 40 ? 2 : 0)),
        yaw: each((at) => (at < 20 ? 4 : at < 40 ? 30 : null)),
      },
      { video },
    ),
  );
  expect(lines[0]).toBe(`faces  ${'1'.repeat(20)}${'2'.repeat(20)}${'·'.repeat(20)}`);
  expect(lines[1]).toBe(`head   ${'·'.repeat(20)}${'‹'.repeat(20)}${' '.repeat(20)}`);
});

test('shows speech and levels as heights, and silence that has no level as nothing', () => {
  const lines = timeline(
    resultOf({ speech: each((at) => at / SECONDS), level: each((at) => (at < 30 ? -10 : null)) }),
  );
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^speech  +▁+▂+▃+▄+▅+▆+▇+█+$/);
  expect(lines[1]).toBe(`level  ${'█'.repeat(30)}${' '.repeat(30)}`);
});

test('draws a short medium over the whole width', () => {
  const short = resultOf({});
  Object.assign(short.series, {
    columns: { time: [0, 1], faces: [], yaw: [], pitch: [], speech: [1, 0], level: [null, null] },
  });
  expect(timeline(short)[0]).toBe(`speech ${'█'.repeat(30)}${' '.repeat(30)}`);
});
