import { addCounts } from '../../../../src/contract/counts.js';
import {
  noOutcomes,
  OUTCOME_RULES,
  OUTCOMES,
} from '../../../../src/pipelines/recordings/contract/outcome.js';

test('only a durable result, a skip or a malformed message may delete', () => {
  expect(OUTCOMES.filter((outcome) => OUTCOME_RULES[outcome].message === 'retry_later')).toEqual([
    'failed_pre_inference',
  ]);
  expect(OUTCOMES.filter((outcome) => OUTCOME_RULES[outcome].resultDocument)).toEqual(['completed']);
  expect(OUTCOMES.filter((outcome) => !OUTCOME_RULES[outcome].csvRow)).toEqual(['malformed']);
});

test('counts add up outcome by outcome and leave their terms alone', () => {
  const one = { ...noOutcomes(), completed: 2, malformed: 1 };
  const sum = addCounts(one, { ...noOutcomes(), completed: 3 });
  expect(sum).toEqual({ ...noOutcomes(), completed: 5, malformed: 1 });
  expect(one.completed).toBe(2);
});
