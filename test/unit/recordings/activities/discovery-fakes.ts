import { createDiscoverActivities } from '../../../../src/activities/recordings/discover-page.js';
import type { DiscoverDependencies } from '../../../../src/activities/recordings/discovery-scope.js';
import { resultDocumentId } from '../../../../src/pipelines/recordings/contract/identity.js';
import type { SourceRow } from '../../../../src/pipelines/recordings/contract/source-row.js';
import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import type { PassedOver } from '../../../../src/pipelines/recordings/sources/passed-over.js';
import type {
  PageQuery,
  SourcePage,
} from '../../../../src/pipelines/recordings/sources/source-repository.js';
import { fakeQueue, type FakeQueue } from '../../shared/activities/fake-queue.js';

/** What the source holds, for the test to say. */
export interface FakeSource {
  pages: SourceRow[][];
  unusable: SourcePage['unusable'];
  counted?: PassedOver | Error;
}

export let queue: FakeQueue;
export let remembered: Set<string>;
export let existing: Set<string>;
export let queries: PageQuery[];
let sourceNow: () => FakeSource;

export function resetDiscovery(source: () => FakeSource): void {
  queue = fakeQueue();
  remembered = new Set();
  existing = new Set();
  queries = [];
  sourceNow = source;
}

export const idOf = (row: SourceRow): string => resultDocumentId(row, 'recording');
export const sentIds = (): string[] => queue.sent.map(({ groupId }) => groupId ?? '');

export function activities(log = recordingLogger()): ReturnType<typeof createDiscoverActivities> {
  const dependencies: DiscoverDependencies = {
    source: {
      readPage: (query: PageQuery) => {
        const { pages, unusable } = sourceNow();
        queries.push(query);
        const rows = pages.shift() ?? [];
        return Promise.resolve({
          rows,
          exhausted: pages.length === 0,
          readHint: 'hint',
          documentsRead: rows.length,
          unusable,
        });
      },
      countRows: () => {
        const { counted } = sourceNow();
        return counted instanceof Error ? Promise.reject(counted) : Promise.resolve(counted);
      },
    } as unknown as DiscoverDependencies['source'],
    results: {
      findExisting: (ids) => Promise.resolve(new Set(ids.filter((id) => existing.has(id)))),
    },
    sentLog: {
      remember: (_runKey, ids) => {
        ids.forEach((id) => remembered.add(id));
        return Promise.resolve();
      },
      alreadySent: (_runKey, ids) => Promise.resolve(new Set(ids.filter((id) => remembered.has(id)))),
      forget: () => Promise.resolve(),
      ensureIndexes: () => Promise.resolve(undefined),
    },
    queueFor: () => queue,
    resultIdBasis: 'recording',
    now: () => new Date('2025-12-20T21:00:00.000Z'),
    log,
  };
  return createDiscoverActivities(dependencies);
}

export const PAGE = {
  source_collection: 'student_assessment_record',
  test_date: '2025-12-20',
  subject_name: 'वाचन',
  mode: 'backfill',
  queue_url: 'https://sqs.example/1/recordings',
  after: null,
  limit: 100,
} as const;
