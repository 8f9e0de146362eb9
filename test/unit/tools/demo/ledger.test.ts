import { differences, type Ledger, type World } from '../../../../tools/demo/ledger.js';
import { ledgerOf } from '../../../../tools/demo/seed-ledger.js';
import { planSeed } from '../../../../tools/demo/seed-plan.js';
import type { SeedKind } from '../../../../tools/demo/expected-outcomes.js';
import { csvRow, entryOf, faultlessWorld, ledgerOptions, planOptions } from './factories.js';

const ledger: Ledger = ledgerOf(planSeed(planOptions()), ledgerOptions());

/** A faultless world with one fault put in. */
function worldWith(fault: (world: World) => void): World {
  const world = faultlessWorld(ledger);
  fault(world);
  return world;
}

const idOf = (kind: SeedKind): string => entryOf(ledger, kind).resultDocumentId ?? '';
const isOf = (kind: SeedKind) => (row: { result_document_id: string }) =>
  row.result_document_id === idOf(kind);

describe('the ledger check', () => {
  test('finds nothing after a faultless run', () => {
    expect(differences(ledger, faultlessWorld(ledger))).toEqual([]);
  });

  const faults: [string, RegExp, (world: World) => void][] = [
    [
      'a missing result',
      /^normal .*: expected a result, found none$/,
      (world) => {
        world.results = world.results.filter(({ _id }) => _id !== idOf('normal'));
      },
    ],
    [
      'a missing CSV row',
      /^anomalous .*: expected 1 CSV rows, found 0$/,
      (world) => {
        world.csvRows = world.csvRows.filter((row) => !isOf('anomalous')(row));
      },
    ],
    [
      'a CSV row written twice for one delivery',
      /^message .*: 2 CSV rows for one delivery$/,
      (world) => {
        world.csvRows.push(world.csvRows.find(isOf('normal'))!);
      },
    ],
    [
      'a recording scored twice',
      /^normal .*: expected 1 CSV rows, found 2$/,
      (world) => {
        world.csvRows.push(csvRow(entryOf(ledger, 'normal'), 'completed'));
      },
    ],
    [
      'a message left in the queue',
      /^the queue is not empty: 0 visible, 1 in flight, 0 delayed$/,
      (world) => {
        world.queue.in_flight = 1;
      },
    ],
    [
      'a failed recording that is not in the dead-letter queue',
      /^missing_object .*: expected 1 dead-letter messages, found 0$/,
      (world) => {
        world.deadLetters = world.deadLetters.filter(
          (body) => !body.includes(entryOf(ledger, 'missing_object').rows[0]!.mongo_doc_id),
        );
      },
    ],
    [
      'a failed recording that was tried fewer times than the queue allows',
      /^corrupt_audio .*: expected 3 CSV rows, found 2$/,
      (world) => {
        world.csvRows.splice(world.csvRows.findIndex(isOf('corrupt_audio')), 1);
      },
    ],
    [
      'a failure without its error',
      /^empty_audio .*: its CSV row names no error$/,
      (world) => {
        world.csvRows = world.csvRows.map((row) => (isOf('empty_audio')(row) ? { ...row, error: '' } : row));
      },
    ],
    [
      'a result of a recording that cannot be decoded',
      /^truncated_audio .*: expected no result, found one$/,
      (world) => {
        world.results.push({ _id: idOf('truncated_audio'), updatedAtMs: 1 });
      },
    ],
    [
      'an earlier result written again',
      /^scored_before .*: its earlier result was written again$/,
      (world) => {
        world.results.find(({ _id }) => _id === idOf('scored_before'))!.updatedAtMs += 1;
      },
    ],
    [
      'an earlier result that is gone',
      /^scored_before .*: its earlier result is gone$/,
      (world) => {
        world.results = world.results.filter(({ _id }) => _id !== idOf('scored_before'));
      },
    ],
    [
      'a row that was queued though it is no candidate',
      /^other_subject .*: expected 0 CSV rows, found 1$/,
      (world) => {
        world.csvRows.push(csvRow(entryOf(ledger, 'other_subject'), 'completed'));
      },
    ],
    [
      'a deleted row that was scored',
      /^deleted_after_queuing .*: expected no result, found one$/,
      (world) => {
        world.results.push({ _id: idOf('deleted_after_queuing'), updatedAtMs: 1 });
      },
    ],
    [
      'a duplicate that was never scored',
      /^duplicate_delivery .*: expected a CSV row that says completed, found none$/,
      (world) => {
        world.csvRows = world.csvRows.map((row) =>
          isOf('duplicate_delivery')(row) ? { ...row, processing_status: 'skipped_existing' } : row,
        );
      },
    ],
    [
      'a malformed message in the dead-letter queue',
      /^dead letter of no recording: it should not be there$/,
      (world) => {
        world.deadLetters.push('not JSON at all');
      },
    ],
    [
      'a result of a recording that nobody seeded',
      /^result ffff: nobody seeded its recording$/,
      (world) => {
        world.results.push({ _id: 'ffff', updatedAtMs: 1 });
      },
    ],
    [
      'a CSV row of a recording that nobody seeded',
      /^CSV row of x\/y\/z: nobody seeded it$/,
      (world) => {
        const row = csvRow(entryOf(ledger, 'normal'), 'completed');
        world.csvRows.push({ ...row, mongo_doc_id: 'x', record_type: 'y', subject_id: 'z' });
      },
    ],
  ];

  test.each(faults)('reports %s', (_name, complaint, fault) => {
    expect(differences(ledger, worldWith(fault))).toContainEqual(expect.stringMatching(complaint));
  });

  test('accepts a delivery that came again where workers were killed, but no missing result', () => {
    const again = worldWith((world) => {
      world.csvRows.push(csvRow(entryOf(ledger, 'normal'), 'skipped_existing'));
    });
    expect(differences(ledger, again)).not.toEqual([]);
    expect(differences(ledger, again, { interrupted: true })).toEqual([]);
    const lost = worldWith((world) => {
      world.results = world.results.filter(({ _id }) => _id !== idOf('normal'));
    });
    expect(differences(ledger, lost, { interrupted: true })).toHaveLength(1);
  });
});
