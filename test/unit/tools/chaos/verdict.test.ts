import { judge, type Remains, type Verdict } from '../../../../tools/chaos/recordings/verdict.js';
import type { SeedKind } from '../../../../tools/demo/expected-outcomes.js';
import type { Ledger, LedgerEntry } from '../../../../tools/demo/ledger.js';
import { ledgerOf } from '../../../../tools/demo/seed-ledger.js';
import { planSeed } from '../../../../tools/demo/seed-plan.js';
import { csvRow, entryOf, faultlessWorld, ledgerOptions, planOptions } from '../demo/factories.js';

const ledger: Ledger = ledgerOf(planSeed(planOptions()), ledgerOptions());

function sound(): Remains {
  const world = faultlessWorld(ledger);
  return {
    ...world,
    results: world.results.map((result) => ({ ...result, audioUrl: 's3://b/a.wav', score: 0.5 })),
  };
}

/** What is said about a sound run in which one recording ended otherwise. */
function verdictAfter(kind: SeedKind, change: (remains: Remains, entry: LedgerEntry) => void): Verdict {
  const remains = sound();
  change(remains, entryOf(ledger, kind));
  return judge(ledger, remains);
}

const counts = ({ lost, doubled, wrong }: Verdict): number[] => [lost.length, doubled.length, wrong.length];
const isOf = (entry: LedgerEntry) => (row: { mongo_doc_id: string }) =>
  row.mongo_doc_id === entry.rows[0]?.mongo_doc_id;

describe('the verdict over what a run has left', () => {
  test('is clean when everything ended where it should', () => {
    expect(judge(ledger, sound())).toEqual({ lost: [], doubled: [], wrong: [] });
  });

  test('lets a second delivery find the result of the first', () => {
    const verdict = verdictAfter('normal', (remains, entry) => {
      const first = remains.csvRows.find(isOf(entry))!;
      remains.csvRows.push(csvRow(entry, 'skipped_existing', 2, first.message_id));
    });
    expect(counts(verdict)).toEqual([0, 0, 0]);
  });

  test('excuses a failure that a fault of the run accounts for, and no other', () => {
    const remains = sound();
    const entry = entryOf(ledger, 'normal');
    const first = remains.csvRows.find(isOf(entry))!;
    const failed = {
      ...csvRow(entry, 'failed_pre_inference', 2, first.message_id),
      error: 'AudioEmpty: 0 bytes',
    };
    remains.csvRows.push(failed);
    expect(counts(judge(ledger, remains, new Set(['AudioEmpty'])))).toEqual([0, 0, 0]);
    expect(counts(judge(ledger, remains, new Set(['AudioDownloadFailed'])))).toEqual([0, 0, 1]);
  });

  test('calls a recording without a result lost, and its row in the CSV wrong', () => {
    const verdict = verdictAfter('normal', (remains, entry) => {
      remains.results = remains.results.filter(({ _id }) => _id !== entry.resultDocumentId);
    });
    expect(counts(verdict)).toEqual([1, 0, 1]);
  });

  test('calls a result that no CSV row tells of lost', () => {
    const verdict = verdictAfter('normal', (remains, entry) => {
      remains.csvRows = remains.csvRows.filter((row) => !isOf(entry)(row));
    });
    expect(counts(verdict)).toEqual([1, 0, 0]);
  });

  test('calls a message that is still in the queue lost', () => {
    const verdict = verdictAfter('normal', (remains) => {
      remains.queue = { visible: 0, in_flight: 1, delayed: 0 };
    });
    expect(counts(verdict)).toEqual([1, 0, 0]);
  });

  test('calls an unreadable recording without a dead-letter message lost', () => {
    const verdict = verdictAfter('corrupt_audio', (remains, entry) => {
      remains.deadLetters = remains.deadLetters.filter((body) => !isOf(entry)(JSON.parse(body) as never));
    });
    expect(counts(verdict)).toEqual([1, 0, 0]);
  });

  test('calls two rows of one delivery doubled', () => {
    const verdict = verdictAfter('scored_before', (remains) => {
      const failed = remains.csvRows.find(
        ({ processing_status: status }) => status === 'failed_pre_inference',
      )!;
      remains.csvRows.push(failed);
    });
    expect(counts(verdict)).toEqual([0, 1, 0]);
  });

  test('calls a message that two deliveries completed doubled', () => {
    const verdict = verdictAfter('normal', (remains, entry) => {
      const first = remains.csvRows.find(isOf(entry))!;
      remains.csvRows.push(csvRow(entry, 'completed', 2, first.message_id));
    });
    expect(counts(verdict)).toEqual([0, 1, 0]);
  });

  test.each<[string, SeedKind, (remains: Remains, entry: LedgerEntry) => void]>([
    [
      'a dead-letter message of a sound recording',
      'normal',
      (remains, entry) => {
        remains.deadLetters.push(JSON.stringify(entry.rows[0]));
      },
    ],
    [
      'a result that was there before and has changed',
      'scored_before',
      (remains, entry) => {
        for (const result of remains.results)
          if (result._id === entry.resultDocumentId) result.updatedAtMs += 1;
      },
    ],
    [
      'a result that nobody seeded',
      'normal',
      (remains) => {
        remains.results.push({ _id: 'stranger', updatedAtMs: 1, audioUrl: 's3://b/a.wav', score: 0.5 });
      },
    ],
    [
      'two scores of the same audio',
      'normal',
      (remains) => {
        remains.results[0]!.score = 0.6;
      },
    ],
    [
      'a failure without its reason',
      'corrupt_audio',
      (remains, entry) => {
        remains.csvRows.find(isOf(entry))!.error = '';
      },
    ],
  ])('calls %s wrong', (_what, kind, change) => {
    expect(counts(verdictAfter(kind, change))).toEqual([0, 0, 1]);
  });
});
