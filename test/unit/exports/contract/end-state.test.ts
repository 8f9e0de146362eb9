import { endState } from '../../../../src/pipelines/exports/contract/result.js';

const ended = (files: object, entries: object) =>
  endState({
    files: { listed: 1, settled: 1, failed: 0, ...files },
    entries: { seen: 0, matched: 0, uploaded: 0, skipped_equal: 0, rejected: 0, missing: 0, ...entries },
  });

test.each([
  [{ listed: 0, settled: 0 }, {}, 'succeeded'],
  [{}, { seen: 3, uploaded: 2, skipped_equal: 1 }, 'succeeded'],
  [{}, { seen: 2, uploaded: 1, rejected: 1 }, 'partial'],
  [{}, { seen: 1, skipped_equal: 1, missing: 1 }, 'partial'],
  [{ listed: 2, failed: 1 }, { seen: 1, uploaded: 1 }, 'partial'],
  [{}, { seen: 2, rejected: 2 }, 'failed'],
  [{ settled: 0, failed: 1 }, {}, 'failed'],
  [{ listed: 0, settled: 0 }, { missing: 1 }, 'failed'],
])('files %j and entries %j end as %s', (files, entries, state) => {
  expect(ended(files, entries)).toBe(state);
});
