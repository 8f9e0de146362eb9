import { createMongoClient, mongoDatabase } from '#vachan/platform/mongo-client.js';
import { onMongo, reachMongo } from '#vachan/platform/mongo-errors.js';
import type { Square, Total } from './contract.js';
import type { ToySettings } from './settings.js';

/** A row of the table: the work to be done, and whether somebody has begun it. */
export interface NumberRow {
  number: number;
  begun?: boolean;
}

/** The table of numbers, and what has become of them. Every method throws `DependencyUnavailable` when MongoDB does not answer. */
export interface Numbers {
  waiting(most: number): Promise<number[]>;
  markBegun(number: number): Promise<void>;
  /** Stores a square under its number: a second time changes nothing. */
  store(square: Square): Promise<void>;
  find(number: number): Promise<Square | undefined>;
  total(): Promise<Total>;
  ping(): Promise<void>;
  createIndexes(): Promise<void>;
  close(): Promise<void>;
}

/** Connects when it is first used, or by `createIndexes`. @throws ConfigurationError */
export function connectNumbers(settings: ToySettings): Numbers {
  const client = createMongoClient(settings);
  const database = mongoDatabase(client, settings);
  const rows = database.collection<NumberRow>(settings.numbersCollection);
  const squares = database.collection<Square>(`${settings.numbersCollection}_squares`);
  return {
    waiting: (most) =>
      onMongo('find numbers', async () => {
        const found = await rows
          .find({ begun: { $ne: true } })
          .sort({ number: 1 })
          .limit(most)
          .toArray();
        return found.map(({ number }) => number);
      }),
    markBegun: (number) =>
      onMongo('mark a number', async () => {
        await rows.updateOne({ number }, { $set: { begun: true } });
      }),
    store: (square) =>
      onMongo('store a square', async () => {
        await squares.updateOne({ number: square.number }, { $setOnInsert: square }, { upsert: true });
      }),
    find: (number) =>
      onMongo('find a square', async () => {
        return (await squares.findOne({ number }, { projection: { _id: 0 } })) ?? undefined;
      }),
    total: () =>
      onMongo('add up the squares', async () => {
        const [total] = await squares
          .aggregate<Total>([
            { $group: { _id: null, squares: { $sum: 1 }, sum: { $sum: '$square' } } },
            { $project: { _id: 0 } },
          ])
          .toArray();
        return total ?? { squares: 0, sum: 0 };
      }),
    ping: () =>
      onMongo('answer', async () => {
        await database.command({ ping: 1 });
      }),
    async createIndexes() {
      await reachMongo(client);
      await onMongo('create an index', () => squares.createIndex({ number: 1 }, { unique: true }, {}));
    },
    close: () => client.close(),
  };
}
