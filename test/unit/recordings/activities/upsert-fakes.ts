import {
  createUpsertActivity,
  type UpsertDependencies,
} from '../../../../src/activities/recordings/upsert-results.js';
import type { StageReport } from '../../../../src/activities/shared/activity-types.js';
import type { CsvRow } from '../../../../src/pipelines/recordings/contract/csv-row.js';
import { type ResultDocument } from '../../../../src/pipelines/recordings/contract/result-document.js';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import type { UpsertReport } from '../../../../src/pipelines/recordings/results/result-repository.js';
import type { Backlink } from '../../../../src/pipelines/recordings/sources/source-repository.js';
import { inActivity } from '../../shared/activities/in-activity.js';
import { type HeldBatch } from './held-batch.js';
import { BATCH } from '../../shared/activities/held-batch.js';

export let documents: ResultDocument[];
export let rows: CsvRow[];
export let backlinks: Backlink[];
/** Result ids whose features were logged. */
export let logged: string[];
/** The models under which they were, and how many. */
export let loggedBy: string[];
/** What fails while it is in here: `results`, `features of <date>`, `backlinks`, `csv`. */
export let away: Set<string>;
/** Ids of documents that the store refuses one by one. */
export let refused: Set<string>;
let heldNow: () => HeldBatch;

/** Begins a test whose batch `held` gives, once there is one. */
export function resetUpsert(held: () => HeldBatch): void {
  heldNow = held;
  documents = [];
  rows = [];
  backlinks = [];
  logged = [];
  loggedBy = [];
  away = new Set();
  refused = new Set();
}

function step(name: string): void {
  if (away.has(name)) throw new DependencyUnavailable(`${name} do not answer`);
  heldNow().journal.push(name);
}

export const upsert = (overrides: Partial<UpsertDependencies> = {}): Promise<StageReport> =>
  inActivity(() =>
    createUpsertActivity({
      store: heldNow().store,
      results: {
        upsertResults: async (more): Promise<UpsertReport> => {
          step('results');
          documents.push(...more);
          const ids = more.map(({ _id }) => _id);
          return Promise.resolve({
            durable: ids.filter((id) => !refused.has(id)),
            failed: ids.filter((id) => refused.has(id)).map((id) => ({ id, code: '121' })),
          });
        },
      },
      featureLog: {
        record: (_batchId, key, { name, version }, recordings) => {
          step(`features of ${key.test_date}`);
          logged.push(...recordings.map(({ resultDocumentId }) => resultDocumentId));
          loggedBy.push(`${name} ${version}: ${recordings.length}`);
          return Promise.resolve();
        },
      },
      trainingOf: () => ({ means: new Float64Array(), stds: new Float64Array() }),
      source: {
        writeBacklinks: async (more) => {
          step('backlinks');
          backlinks.push(...more);
          return Promise.resolve();
        },
      },
      csv: {
        location: 'results.csv',
        append: async (_batchId, more) => {
          step('csv');
          rows.push(...more);
          return Promise.resolve({ written: more.length, repeated: 0 });
        },
        ping: () => Promise.resolve(),
      },
      pipelineName: 'audio_anomaly',
      resultIdBasis: 'recording',
      writeBacklinks: false,
      now: () => new Date('2025-12-20T21:00:00.000Z'),
      log: heldNow().log,
      ...overrides,
    }).upsertResults(BATCH),
  );
