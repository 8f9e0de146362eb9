import { mergeMetrics } from '../../../../../src/platform/metrics/merge-metrics.js';

const OURS = '# HELP a_total Ours.\n# TYPE a_total counter\na_total 1\n';

describe('two pages of metrics', () => {
  test('become one with all families of both', () => {
    const theirs = '# HELP b Theirs.\n# TYPE b gauge\nb{queue="x"} 2\n\n';
    expect(mergeMetrics(OURS, theirs)).toBe(`${OURS}# HELP b Theirs.\n# TYPE b gauge\nb{queue="x"} 2\n`);
  });

  test('never name a family twice: the first page has it', () => {
    const theirs = '# TYPE a_total counter\na_total 9\n# TYPE c gauge\nc 3\n';
    expect(mergeMetrics(OURS, theirs)).toBe(`${OURS}# TYPE c gauge\nc 3\n`);
  });

  test('are the first alone when the second is empty', () => {
    expect(mergeMetrics(OURS, '')).toBe(OURS);
  });
});
