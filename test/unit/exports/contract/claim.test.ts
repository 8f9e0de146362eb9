import { describeClaimMismatch } from '../../../../src/pipelines/exports/contract/claim.js';
import { describeTaskMismatch } from '../../../../src/pipelines/exports/contract/task-input.js';

const deep = (depth: number): unknown => (depth === 0 ? 1 : { a: deep(depth - 1) });

test('a claim of a process is taken', () => {
  expect(
    describeClaimMismatch({ process_queue: 'vachan-exports-host-1', heartbeat_timeout: 45 }),
  ).toBeUndefined();
});

test.each([
  [undefined, /^claim takes an object with process_queue and heartbeat_timeout \(got nothing\)$/],
  [[], /^claim takes an object/],
  [{}, /^claim: process_queue: expected the name of a task queue \(got nothing\)$/],
  [{ process_queue: 'a b', heartbeat_timeout: 45 }, /^claim: process_queue/],
  [
    { process_queue: 'q', heartbeat_timeout: 1 },
    /^claim: heartbeat_timeout: expected seconds from 2 to 1800/,
  ],
  [{ process_queue: 'q', heartbeat_timeout: '45' }, /^claim: heartbeat_timeout/],
  [{ process_queue: 'q', heartbeat_timeout: 45, files: 1 }, /^claim: no such field: "files"$/],
  [{ process_queue: deep(20) }, /^claim: the argument is nested deeper/],
])('the claim %j is refused in one line', (claim, sentence) => {
  expect(describeClaimMismatch(claim)).toMatch(sentence);
});

describe('the input of a task', () => {
  const input = { source: 'default', export_id: 'a/b', first_ordinal: 7 };
  const id = 'export-task:default:a%2Fb:7';

  test('fits its workflow id', () => {
    expect(describeTaskMismatch(input, id)).toBeUndefined();
  });

  test.each([
    [null, /^input: expected an object/],
    [{ ...input, source: 'A' }, /^source: expected/],
    [{ ...input, export_id: '' }, /^export_id: expected/],
    [{ ...input, first_ordinal: -1 }, /^first_ordinal: expected a whole number from 0 to 999999/],
    [{ ...input, url: 'https://x' }, /^input: no such field: "url"$/],
    [{ ...input, first_ordinal: 8 }, /^the workflow id is .*; expected "export-task:default:a%2Fb:8"/],
  ])('%j is refused in one line', (wrong, sentence) => {
    expect(describeTaskMismatch(wrong, id)).toMatch(sentence);
  });
});
