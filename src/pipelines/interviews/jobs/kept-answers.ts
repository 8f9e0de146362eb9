import { createHash } from 'node:crypto';
import { MongoServerError, type Collection } from 'mongodb';
import { IdempotencyKeyReused } from '../../../platform/http/api.js';
import { onMongo } from '../../../platform/mongo-errors.js';
import { DURABLE, FROM_PRIMARY } from './job-writes.js';

/** An answer that was given under an idempotency key, whose hash is the `_id`: a key may name whom it is about. */
export interface KeptAnswer {
  _id: string;
  /** SHA-256 of what was asked. */
  request: string;
  answer: unknown;
  created_at: Date;
}

/** As long as a client may sensibly try again. */
const KEPT_SECONDS = 24 * 3600;
const DUPLICATE_KEY = 11_000;

export interface KeptAnswers {
  /**
   * Answers a request under a key for the first time, and the same again to whoever repeats it.
   *
   * @throws IdempotencyKeyReused where another request came under the key; what `answer` throws
   */
  once<Answer>(key: string, request: unknown, answer: () => Promise<Answer>): Promise<Answer>;
  ensureIndexes(): Promise<void>;
}

/** @param queue name of the collection whose requests they are of */
export const keptAnswersCollection = (queue: string): string => `${queue}_requests`;

export function createKeptAnswers(
  collection: Collection<KeptAnswer>,
  now: () => Date = () => new Date(),
): KeptAnswers {
  const name = collection.collectionName;
  const find = (_id: string): Promise<KeptAnswer | null> =>
    onMongo(`read ${name}`, () => collection.findOne({ _id: { $eq: _id } }, FROM_PRIMARY));

  return {
    async once(key, request, answer) {
      const _id = sha256(key);
      const asked = sha256(JSON.stringify(request));
      const kept = (found: KeptAnswer): never => {
        if (found.request === asked) return found.answer as never;
        throw new IdempotencyKeyReused('Idempotency-Key: it has come with another body; expected a new key.');
      };
      const before = await find(_id);
      if (before !== null) return kept(before);
      // Two at the same moment do the same work, which adds each job once.
      const given = await answer();
      const document = { _id, request: asked, answer: given, created_at: now() };
      const written = await onMongo(`write into ${name}`, async () => {
        try {
          await collection.insertOne(document, DURABLE);
          return true;
        } catch (error) {
          if (error instanceof MongoServerError && error.code === DUPLICATE_KEY) return false;
          throw error;
        }
      });
      const first = written ? null : await find(_id);
      return first === null ? given : kept(first);
    },

    ensureIndexes: () =>
      onMongo(`create the index of ${name}`, async () => {
        await collection.createIndex({ created_at: 1 }, { expireAfterSeconds: KEPT_SECONDS }, {});
      }),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
