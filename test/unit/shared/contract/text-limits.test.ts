import fc from 'fast-check';
import { describeLimitMismatch } from '../../../../src/contract/limits.js';
import { parseMessage } from '../../../../src/pipelines/recordings/contract/message.js';
import { sourceRowSchema } from '../../../../src/pipelines/recordings/contract/source-row.js';
import { LIMIT_BOUNDS } from '../../../../src/pipelines/recordings/contract/limits.js';
import { describeExcess } from '../../../../src/contract/text-limits.js';
import { describeMismatch } from '../../../../src/contract/mismatch.js';
import {
  discoveryInputSchema,
  nightlyInputSchema,
} from '../../../../src/pipelines/recordings/contract/workflow-inputs.js';
import { isCandidate } from '../../../../src/pipelines/recordings/sources/candidate.js';
import { testDay } from '../../../../src/pipelines/recordings/sources/test-day.js';
import { sourceRow } from '../../recordings/contract/arbitraries.js';

const megabyte = 'x'.repeat(1_000_000);
const marks = `a${'\u0301\u0323'.repeat(500_000)}`;

function nested(depth: number): unknown {
  return JSON.parse(`${'['.repeat(depth)}1${']'.repeat(depth)}`) as unknown;
}

describe('an input out of all proportion', () => {
  it.each<[string, unknown, string]>([
    ['too deep', nested(100_000), 'is nested deeper than 8 levels'],
    ['too long a list', new Array(1_000_000).fill(0), 'holds more than 1000 values'],
    ['a list of lists', new Array(500).fill([1, 2, 3]), 'holds more than 1000 values'],
    ['too much text', { a: [megabyte] }, 'holds more than 32768 characters'],
    ['too long a name', { [megabyte]: 1 }, 'holds more than 32768 characters'],
  ])('is named: %s', (_, input, expected) => {
    expect(describeExcess(input)).toBe(expected);
  });

  it('is not found in what an input may hold', () => {
    expect(describeExcess(undefined)).toBeUndefined();
    expect(describeExcess(JSON.parse('{"__proto__": {"a": [null, 1e400]}}'))).toBeUndefined();
    expect(describeExcess(new Uint8Array(2_000_000))).toBeUndefined();
    expect(describeExcess(nested(8))).toBeUndefined();
  });
});

describe('what is wrong with an input', () => {
  it('fits a line that can be read, whatever the input is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.dictionary(fc.string({ unit: 'binary' }), fc.anything(), { maxKeys: 200 }),
        ),
        (input) => {
          for (const said of [
            describeMismatch(discoveryInputSchema, input),
            describeLimitMismatch(LIMIT_BOUNDS, input),
          ]) {
            if (said === undefined) continue;
            expect(said.length).toBeLessThan(3_000);
            expect(said).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
          }
        },
      ),
    );
  });

  it('names the first fields that it does not know, and says how many there are', () => {
    const input = Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`f${at}`, at]));
    expect(describeMismatch(nightlyInputSchema, input)).toBe(
      'input: no such field: "f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9" and 890 more',
    );
  });

  it('bounds each text by its own limit', () => {
    const said = describeMismatch(discoveryInputSchema, {
      test_date: '2025-12-20',
      subject_name: 'x'.repeat(257),
      queue_url: `https://q.example/${'x'.repeat(2_048)}`,
    });
    expect(said).toMatch(/subject_name: .*<=256 .*queue_url: .*<=2048 /);
  });
});

describe('a row', () => {
  it('fits with every text at its limit, and not beyond', () => {
    const [row] = fc.sample(sourceRow, 1);
    const limits = {
      source_collection: 255,
      mongo_doc_id: 1_024,
      subject_id: 1_024,
      subject_name: 256,
      audio_s3_url: 8_192,
      student_id: 1_024,
      udise: 1_024,
    };
    for (const [field, limit] of Object.entries(limits)) {
      expect(sourceRowSchema.safeParse({ ...row, [field]: 'x'.repeat(limit) }).success).toBe(true);
      expect(sourceRowSchema.safeParse({ ...row, [field]: 'x'.repeat(limit + 1) }).success).toBe(false);
    }
  });

  it('is no candidate by a name that would take minutes to normalize', () => {
    const fields = { test_date: '2025-12-20', audio_url: 's3://b/k', subject_created_at: new Date(0) };
    expect(isCandidate({ ...fields, subject_name: marks }, testDay('2025-12-20', 'UTC'), 'वाचन')).toBe(false);
    expect(isCandidate({ ...fields, subject_name: 'वाचन' }, testDay('2025-12-20', 'UTC'), marks)).toBe(false);
  });

  it('says how long a text may be, without quoting it', () => {
    const [row] = fc.sample(sourceRow, 1);
    const body = JSON.stringify({ ...row, trace_id: megabyte, discovered_at: '2025-12-20T10:00:00.000Z' });
    expect(parseMessage(body)).toEqual({ ok: false, reason: 'trace_id: at most 256 characters' });
  });
});
