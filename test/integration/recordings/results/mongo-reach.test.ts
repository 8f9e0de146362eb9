import { MongoClient } from 'mongodb';
import { openLink, type Link } from '../../../../tools/chaos/link.js';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { reachMongo } from '../../../../src/platform/mongo-errors.js';
import { embeddedStack } from '../../embedded-stack.js';

const SELECTION_MS = 500;

let link: Link;
let client: MongoClient;
beforeEach(async () => {
  link = await openLink(Number(new URL(embeddedStack().endpoints.mongo.uri).port));
  client = new MongoClient(`mongodb://127.0.0.1:${link.port}/?directConnection=true`, {
    serverSelectionTimeoutMS: SELECTION_MS,
  });
});
afterEach(async () => {
  await client.close();
  await link.close();
});

test('a client that met no MongoDB at first works as soon as there is one', async () => {
  link.cut();
  await expect(reachMongo(client)).rejects.toThrow(DependencyUnavailable);
  await expect(reachMongo(client)).rejects.toThrow(DependencyUnavailable);
  link.heal();
  await reachMongo(client);
  await expect(client.db('admin').command({ ping: 1 })).resolves.toMatchObject({ ok: 1 });
});
