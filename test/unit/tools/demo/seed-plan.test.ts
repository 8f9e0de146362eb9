import { isCandidate } from '../../../../src/pipelines/recordings/sources/candidate.js';
import { testDay } from '../../../../src/pipelines/recordings/sources/test-day.js';
import { SEED_KINDS } from '../../../../tools/demo/expected-outcomes.js';
import { countKinds } from '../../../../tools/demo/ledger.js';
import { mongoDocuments } from '../../../../tools/demo/mongo-rows.js';
import { isRecording, ledgerOf } from '../../../../tools/demo/seed-ledger.js';
import { FEWEST_RECORDS, planSeed } from '../../../../tools/demo/seed-plan.js';
import { ledgerOptions, planOptions } from './factories.js';

describe('a planned seed', () => {
  test.each([FEWEST_RECORDS, 60, 200, 1000])('of %d records has as many rows to be found', (records) => {
    const { rows, testDate, subjectName } = planSeed(planOptions({ records }));
    const candidates = rows.filter((row) => isCandidate({ ...row }, testDay(testDate, 'UTC'), subjectName));
    const gone = candidates.filter(({ kind }) => kind === 'deleted_after_queuing');
    expect(candidates).toHaveLength(records + gone.length);
  });

  test('holds every kind, even when it is small', () => {
    const plan = planSeed(planOptions({ records: FEWEST_RECORDS }));
    const counts = countKinds(ledgerOf(plan, ledgerOptions()));
    expect(Object.keys(counts).sort()).toEqual(Object.keys(SEED_KINDS).sort());
  });

  test('marks as never queued exactly the rows that are no candidates', () => {
    for (const source of ['mongo', 'postgres'] as const) {
      const { rows, testDate, subjectName } = planSeed(planOptions({ source }));
      for (const row of rows) {
        expect([row.kind, isRecording(row)]).toEqual([
          row.kind,
          isCandidate({ ...row }, testDay(testDate, 'UTC'), subjectName),
        ]);
      }
    }
  });

  test('is the same each time', () => {
    expect(planSeed(planOptions())).toEqual(planSeed(planOptions()));
  });

  test('has rows that share a timestamp, so that ties are met', () => {
    const times = planSeed(planOptions()).rows.map((row) => String(row.subject_created_at));
    expect(new Set(times).size).toBeLessThan(times.length / 2);
  });

  test('is refused when it is too small for one row of each kind', () => {
    expect(() => planSeed(planOptions({ records: 11 }))).toThrow('records is 11; a seed takes 12 or more');
    expect(() => planSeed(planOptions({ records: Number.NaN }))).toThrow('records is NaN');
  });

  test('becomes documents that leave a missing URL or date out', () => {
    const { rows } = planSeed(planOptions({ records: 200 }));
    const documents = mongoDocuments(rows.filter(({ kind }) => kind === 'missing_created_at'));
    expect(JSON.stringify(documents)).toContain('audio_url');
    expect(JSON.stringify(documents)).not.toContain('subject_created_at');
  });
});

describe('the ledger of a seed', () => {
  test('has one entry for the same recording under both record types', () => {
    const ledger = ledgerOf(planSeed(planOptions()), ledgerOptions());
    const shared = ledger.entries.filter(({ kind }) => kind === 'same_recording');
    expect(shared.length).toBeGreaterThan(0);
    for (const entry of shared) {
      expect(entry.rows.map(({ record_type: type }) => type)).toEqual(['teacher_record', 'admin_record']);
      expect(entry.deliveries).toBe(2);
    }
  });

  test('gives every other recording an identity of its own', () => {
    const ledger = ledgerOf(planSeed(planOptions({ records: 500 })), ledgerOptions('postgres'));
    const ids = ledger.entries.flatMap(({ resultDocumentId: id }) => (id === undefined ? [] : [id]));
    expect(new Set(ids).size).toBe(ids.length);
  });
});
