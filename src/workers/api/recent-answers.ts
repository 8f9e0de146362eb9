import pLimit from 'p-limit';
import { within } from '../../platform/time/within.js';

export interface RecentAnswersOptions {
  /** How old an answer may be. */
  keepMs: number;
  /** Questions asked at one time; others wait their turn. */
  maxConcurrent: number;
  /** Questions under way and waiting; beyond, a caller is turned away. */
  maxPending: number;
  /** Answers remembered; the oldest goes first. */
  maxEntries: number;
  /** How long a caller waits. The question itself may go on, and its late answer serve the next caller. */
  timeoutMs: number;
  now?: () => number;
}

/** Thrown when too many different questions are asked at once. */
export class TooManyQuestions extends Error {}
/** Thrown when the answer takes too long. */
export class AnswerTimeout extends Error {}

/** Asks each question once in a while, however many callers there are. */
export interface RecentAnswers {
  /** @throws TooManyQuestions, AnswerTimeout, or what `ask` threw (remembered as long as an answer is) */
  get<T>(key: string, ask: () => Promise<T>): Promise<T>;
}

interface Entry {
  answer: Promise<unknown>;
  /** Milliseconds; undefined while under way. */
  settledAt: number | undefined;
}

/**
 * Stands between pollers and the servers that they ask through us: the same question within `keepMs` gets the same
 * answer, also when that was an error, and a question under way is joined, not repeated.
 */
export function createRecentAnswers(options: RecentAnswersOptions): RecentAnswers {
  const { keepMs, maxConcurrent, maxPending, maxEntries, timeoutMs, now = () => performance.now() } = options;
  const limit = pLimit(maxConcurrent);
  const entries = new Map<string, Entry>();

  const fresh = (key: string): Entry | undefined => {
    const entry = entries.get(key);
    if (entry === undefined) return undefined;
    return entry.settledAt === undefined || now() - entry.settledAt < keepMs ? entry : undefined;
  };

  const start = (key: string, ask: () => Promise<unknown>): Entry => {
    if (limit.activeCount + limit.pendingCount >= maxPending) {
      throw new TooManyQuestions(`${maxPending} questions are under way`);
    }
    const entry: Entry = { answer: limit(ask), settledAt: undefined };
    const settle = (): void => {
      entry.settledAt = now();
    };
    entry.answer.then(settle, settle);
    // Set anew, so that the map's order is that of age.
    entries.delete(key);
    entries.set(key, entry);
    for (const [oldest, { settledAt }] of entries) {
      if (entries.size <= maxEntries) break;
      if (settledAt !== undefined) entries.delete(oldest);
    }
    return entry;
  };

  return {
    async get<T>(key: string, ask: () => Promise<T>): Promise<T> {
      const { answer } = fresh(key) ?? start(key, ask);
      return within(timeoutMs, answer as Promise<T>, () => {
        throw new AnswerTimeout(`no answer within ${timeoutMs} ms`);
      });
    },
  };
}
