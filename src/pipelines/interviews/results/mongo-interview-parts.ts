import { createHash } from 'node:crypto';
import { Binary, MongoServerError, type Collection } from 'mongodb';
import { onMongo } from '../../../platform/mongo-errors.js';
import type {
  ChunkPart,
  IndexPart,
  InterviewParts,
  PartKind,
  PartsOf,
  PassPart,
  PutPart,
} from './interview-parts.js';
import { PartMissing } from './part-errors.js';
import { readPart, writePart } from './part-text.js';

/** Longer than any attempt may take (a day) with all that may hold it up; then nobody reads them any more. */
export const PARTS_RETENTION_SECONDS = 7 * 24 * 3_600;
const READ_TIMEOUT_MS = 60_000;
const OF_MAJORITY = {
  maxTimeMS: READ_TIMEOUT_MS,
  readConcern: { level: 'majority' },
  readPreference: 'primary',
} as const;
const DUPLICATE_KEY = 11_000;

export interface StoredPart {
  /** `<job>:<run>:<hash of the etag>:<kind>:<k>` */
  _id: string;
  job_id: string;
  run_id: string;
  etag: string;
  interview_digest: string;
  kind: PartKind;
  k: number;
  put_at: Date;
  hash: string;
  /** Of the content. */
  bytes: number;
  content: Binary;
}

/** Parts in MongoDB. */
export function createMongoInterviewParts(
  collection: Collection<StoredPart>,
  now: () => Date = () => new Date(),
): InterviewParts {
  const name = collection.collectionName;

  async function put(
    of: PartsOf,
    interviewDigest: string,
    kind: PartKind,
    k: number,
    part: object,
  ): Promise<PutPart> {
    const { content, hash } = await writePart(part);
    const { _id, ...fields }: StoredPart = {
      _id: partId(of, kind, k),
      ...of,
      interview_digest: interviewDigest,
      kind,
      k,
      put_at: now(),
      hash,
      bytes: content.byteLength,
      content: new Binary(content),
    };
    const write = (): Promise<unknown> =>
      collection.updateOne(
        { _id: { $eq: _id } },
        { $set: fields },
        { upsert: true, writeConcern: { w: 'majority' } },
      );
    await onMongo(`write a part into ${name}`, () =>
      // Two tries of one step may insert at the same moment; the loser's second attempt is an update.
      write().catch((error: unknown) => {
        if (!(error instanceof MongoServerError) || error.code !== DUPLICATE_KEY) throw error;
        return write();
      }),
    );
    return { hash, bytes: content.byteLength };
  }

  const read = (ids: readonly string[]): Promise<StoredPart[]> =>
    onMongo(`read parts of ${name}`, () =>
      collection
        .find({ _id: { $in: [...ids] } }, OF_MAJORITY)
        .sort({ _id: 1 })
        .toArray(),
    );

  return {
    putPass: (of, digest, part) => put(of, digest, 'pass', 0, part),
    putChunk: (of, digest, k, part) => put(of, digest, 'chunk', k, part),
    putIndex: (of, digest, part) => put(of, digest, 'index', 0, part),
    found: (of, kind, k = 0) =>
      onMongo(`look for a part in ${name}`, async () => {
        const there = await collection.findOne(
          { _id: { $eq: partId(of, kind, k) } },
          { projection: { _id: 0, hash: 1, bytes: 1 }, ...OF_MAJORITY },
        );
        return there === null ? undefined : { hash: there.hash, bytes: there.bytes };
      }),
    async readIndex(of) {
      const [found] = await read([partId(of, 'index', 0)]);
      if (found === undefined)
        throw new PartMissing(`the index of job ${of.job_id}: expected its part, found none`);
      return readPart<IndexPart>(found.content.buffer);
    },
    async readPass(of) {
      const [found] = await read([partId(of, 'pass', 0)]);
      if (found === undefined)
        throw new PartMissing(`the pass of job ${of.job_id}: expected its part, found none`);
      return readPart<PassPart>(found.content.buffer);
    },
    async readChunks(of, chunks) {
      const parts: ChunkPart[] = [];
      for (let k = 0; k < chunks; k++) {
        // One by one, so that only one is there compressed and expanded.
        const [found] = await read([partId(of, 'chunk', k)]);
        if (found === undefined) {
          throw new PartMissing(`chunk ${k} of ${chunks} of job ${of.job_id}: expected its part, found none`);
        }
        parts.push(await readPart<ChunkPart>(found.content.buffer));
      }
      return parts;
    },
    removeErased: (digests) =>
      onMongo(`remove parts from ${name}`, async () => {
        if (digests.length === 0) return 0;
        const { deletedCount } = await collection.deleteMany(
          { interview_digest: { $in: [...digests] } },
          { writeConcern: { w: 'majority' } },
        );
        return deletedCount;
      }),
    ensureIndexes: () =>
      onMongo(`create the indexes of ${name}`, async () => {
        await collection.createIndexes([
          { key: { put_at: 1 }, expireAfterSeconds: PARTS_RETENTION_SECONDS },
          { key: { interview_digest: 1 } },
        ]);
      }),
  };
}

/** An ETag may be as long as its store likes. */
function partId({ job_id, run_id, etag }: PartsOf, kind: PartKind, k: number): string {
  const content = createHash('sha256').update(etag).digest('hex').slice(0, 16);
  return `${job_id}:${run_id}:${content}:${kind}:${k}`;
}
