import { checkedInput } from '../../../../src/activities/shared/checked-input.js';
import { discoveryInputSchema } from '../../../../src/pipelines/recordings/contract/workflow-inputs.js';

const check = (input: unknown): unknown => checkedInput(discoveryInputSchema, input, 'discoveryWorkflow');

describe('checking an input', () => {
  test('a good one comes back as it is', () => {
    const input = { test_date: '2025-12-20', mode: 'backfill', max_records: 250 };
    expect(check(input)).toEqual(input);
  });

  test('a bad one is refused for good, and every field that is wrong is named with what it got', () => {
    const bad = { test_date: '20-12-2025', mode: 'all', batch_size: 0 };
    expect(() => check(bad)).toThrow(
      expect.objectContaining({ type: 'InvalidInput', nonRetryable: true }) as Error,
    );
    expect(() => check(bad)).toThrow(
      /^discoveryWorkflow: batch_size: .*got 0.*test_date: .*"20-12-2025".*mode: .*"all"/s,
    );
  });

  test('a field that no input has is told, since it is a slip of the pen', () => {
    expect(() => check({ test_date: '2025-12-20', max_record: 5 })).toThrow(/max_record/);
  });

  test.each([undefined, null, 'text', 7, []])('%j is no input', (input) => {
    expect(() => check(input)).toThrow(/discoveryWorkflow: /);
  });

  test('a long value is not carried into the message', () => {
    const secret = 's'.repeat(5000);
    expect(() => check({ test_date: secret })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('s'.repeat(100)) as string }) as Error,
    );
  });
});
