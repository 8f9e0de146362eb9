import { MongoClient, type Collection } from 'mongodb';
import type { SourceRow } from '../../../../src/pipelines/recordings/contract/source-row.js';
import { watermarkOf } from '../../../../src/pipelines/recordings/contract/watermark.js';
import { createMongoSource } from '../../../../src/pipelines/recordings/sources/mongo-source.js';
import type {
  PageQuery,
  SourcePage,
  SourceRepository,
} from '../../../../src/pipelines/recordings/sources/source-repository.js';
import { freshDatabase } from '../../embedded-stack.js';
import { RECORDED_MS, pageQuery } from './source-documents.js';

export const HOUR_MS = 3_600_000;
let client: MongoClient;
export let collection: Collection;
export let source: SourceRepository;
/** Aggregations since the test began. */
export let queries: number;

async function openClient(): Promise<void> {
  client = await MongoClient.connect(freshDatabase().uri, { monitorCommands: true });
  client.on('commandStarted', ({ commandName }) => {
    if (commandName === 'aggregate') queries += 1;
  });
}

const closeClient = (): Promise<void> => client.close();

function openSource(): void {
  queries = 0;
  collection = client.db(freshDatabase().database).collection('student_assessment_record');
  source = createMongoSource({ collection, nowMs: () => RECORDED_MS + 24 * HOUR_MS });
}

const dropSource = (): Promise<boolean> => collection.drop();

/** Gives each test of a file a source of its own, whose collection is empty. */
export function useMongoSource(): void {
  beforeAll(openClient);
  afterAll(closeClient);
  beforeEach(openSource);
  afterEach(dropSource);
}

export async function insert(documents: unknown[]) {
  await collection.insertMany(documents as never[]);
}

/** Pages through everything, as discovery does. */
export async function readAll(
  overrides: Partial<PageQuery> = {},
  betweenPages?: (page: number) => Promise<void>,
) {
  const rows: SourceRow[] = [];
  const pages: SourcePage[] = [];
  let query = pageQuery(overrides);
  for (;;) {
    const page = await source.readPage(query);
    pages.push(page);
    rows.push(...page.rows);
    if (page.exhausted)
      return { rows, pages, documentsRead: pages.reduce((sum, p) => sum + p.documentsRead, 0) };
    expect(page.rows).toHaveLength(query.limit);
    await betweenPages?.(pages.length);
    query = { ...query, after: watermarkOf(page.rows.at(-1)!), readHint: page.readHint };
  }
}
