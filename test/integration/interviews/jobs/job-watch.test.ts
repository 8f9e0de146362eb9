import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import { MongoClient } from 'mongodb';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import type { JobDocument } from '../../../../src/pipelines/interviews/jobs/job-document.js';
import { findNewJobs } from '../../../../src/pipelines/interviews/jobs/find-new-jobs.js';
import { createJobStream } from '../../../../src/pipelines/interviews/jobs/job-stream.js';
import { createJobWatch } from '../../../../src/pipelines/interviews/jobs/job-watch.js';
import { startMongo, type MongoEndpoints } from '../../../../tools/stack/mongo.js';
import type { StackPart } from '../../../../tools/stack/stack-part.js';
import { freshDatabase, freshName } from '../../embedded-stack.js';
import { jobDocument, jobsOn, type JobsUnderTest } from './jobs-under-test.js';
import { until } from '../../../until.js';

/** Longer than any test: what is found sooner, the stream has told. */
const NEVER_SECONDS = 3_000;

const REMEMBERED_WRITES = 50;
/** Writes after which it looks at how much it remembers. */
const LOOKED_AT_AFTER = 1_200;

let folder: string;
let replicaSet: StackPart<MongoEndpoints>;
let under: JobsUnderTest;
let closers: (() => unknown)[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vachan-job-watch-'));
  const environment = { ...process.env, MONGO_URI: '' };
  // The stand-in for MongoDB forgets what its streams were to tell after so many writes.
  writeFileSync(join(folder, 'secantusd.toml'), `[oplog]\nmax_entries = ${REMEMBERED_WRITES}\n`);
  replicaSet = await startMongo({ folder, environment, log: () => undefined, changeStreams: true });
});
afterAll(async () => {
  await replicaSet.stop();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  closers = [];
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
});

const withStreams = () => ({ uri: replicaSet.endpoints.uri, database: freshName('db') });

/** A watch on a collection; what it logs is in `logged`. */
async function watching(server: { uri: string; database: string }, intervalSeconds: number, error?: Error) {
  under = await jobsOn(server);
  closers.push(() => under.close());
  const logged: string[] = [];
  const write = (event: string): void => void logged.push(event);
  const log = { info: write, warn: write, error: write };
  const stream = createJobStream(under.collection, log);
  const looks = { count: 0, done: 0, error };
  const watch = createJobWatch({
    look: async (signal, lookSoon) => {
      looks.count += 1;
      if (looks.error !== undefined) throw looks.error;
      await findNewJobs(under.collection, under.admission, signal, lookSoon);
      looks.done += 1;
    },
    stream,
    intervalSeconds,
    log,
  });
  watch.start();
  closers.push(() => watch.close());
  return { watch, stream, looks, logged };
}

const insert = async (): Promise<string> => {
  const document = jobDocument();
  await under.collection.insertOne(document);
  return document._id.toHexString();
};

/** Stands between the client and the server on this port. */
async function openProxy(target: number) {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((client) => {
    if (isCut) return client.destroy();
    const upstream = connect(target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    }
    return client.pipe(upstream).pipe(client);
  });
  const cut = (): void => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    mend: () => {
      isCut = false;
    },
    close: () => {
      cut();
      server.close();
    },
  };
}

test('a server without change streams is looked at again and again', async () => {
  const { stream, logged } = await watching(freshDatabase(), 0.02);
  await until(() => logged.includes('interview_jobs_polled'));
  const id = await insert();
  await until(() => under.started.includes(id));
  expect(stream.live()).toBe(false);
});

test('a change stream tells of new jobs at once', async () => {
  const { stream, looks } = await watching(withStreams(), NEVER_SECONDS);
  await until(() => stream.live());
  const id = await insert();
  await until(() => under.started.includes(id));
  // What the service itself writes into a job is not told.
  const before = looks.count;
  await under.jobs.claim(id, { runId: 'run-1', attempt: 1 });
  await under.jobs.complete(id, 'run-1', { resultId: 'r', etag: '"a"' });
  await under.jobs.beginAnew((await under.jobs.get(id))!, { reason: 'retry', ready: false });
  await until(() => under.started.length === 2);
  expect(looks.count).toBeLessThanOrEqual(before + 2);
});

test('jobs that came before the stream began are found all the same', async () => {
  const server = withStreams();
  const before = await jobsOn(server);
  closers.push(() => before.close());
  const document = jobDocument();
  await before.collection.insertOne(document);
  await watching(server, NEVER_SECONDS);
  await until(() => under.started.includes(document._id.toHexString()));
});

test('a stream that is killed begins anew, and what came meanwhile is found', async () => {
  const server = withStreams();
  const { stream } = await watching(server, NEVER_SECONDS);
  await until(() => stream.live());
  await under.collection.drop();
  await until(() => !stream.live());
  const id = await insert();
  await until(() => under.started.includes(id));
  const client = await MongoClient.connect(server.uri);
  closers.push(() => client.close());
  await until(() => stream.live());
  const next = await insert();
  await until(() => under.started.includes(next));
});

test('a stream whose place the server has forgotten begins anew, and what came meanwhile is found', async () => {
  const server = withStreams();
  const proxy = await openProxy(Number(new URL(server.uri).port));
  closers.push(() => proxy.close());
  const uri = `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`;
  const { stream } = await watching({ ...server, uri }, NEVER_SECONDS);
  const direct = await MongoClient.connect(server.uri);
  closers.push(() => direct.close());
  await until(() => stream.live());
  await insert();
  await until(() => under.started.length === 1);

  proxy.cut();
  const database = direct.db(server.database);
  const missed = jobDocument();
  await database.collection<JobDocument>('interview_queue').insertOne(missed);
  await database.collection('others').insertMany(Array.from({ length: LOOKED_AT_AFTER }, () => ({})));
  proxy.mend();
  await until(() => under.started.includes(missed._id.toHexString()));
  await until(() => stream.live());
  const next = await insert();
  await until(() => under.started.includes(next));
});

test('a look that fails is taken again, and no failure ends the watch', async () => {
  const failing = new DependencyUnavailable('MongoDB could not look for new jobs');
  const { looks, logged } = await watching(freshDatabase(), NEVER_SECONDS, failing);
  await until(() => looks.count > 1);
  looks.error = undefined;
  const id = await insert();
  await until(() => under.started.includes(id));
  expect(logged).toContain('dependency_unavailable');
  expect(logged).not.toContain('unexpected_error');
});

test('a job whose earlier run has yet to end is begun soon after that, although no stream rings for it', async () => {
  const { stream } = await watching(withStreams(), NEVER_SECONDS);
  await until(() => stream.live());
  const document = jobDocument({ revision: 2 });
  const id = document._id.toHexString();
  under.running.add(id);
  await under.collection.insertOne(document);
  await until(async () => {
    const seen = await under.collection.findOne({ _id: document._id });
    return seen?.['admitted_at'] === null;
  });

  under.running.delete(id);

  await until(() => under.started.includes(id));
});

test('a job whose start failed at another door is begun at once', async () => {
  const server = withStreams();
  const { looks } = await watching(server, NEVER_SECONDS);
  const door = await jobsOn(server);
  closers.push(() => door.close());
  door.broken.error = new DependencyUnavailable('Temporal did not start it');
  // The first look, and that for which the stream rings as it begins.
  await until(() => looks.done === 2);
  const document = jobDocument({ admitted_at: door.now });
  await under.collection.insertOne(document);
  await until(() => looks.done === 3);
  // Nobody's, without a word of the stream: the other door alone takes it on.
  await under.collection.updateOne({ _id: document._id }, { $set: { admitted_at: null } });

  await expect(door.admission.admitJob(document)).rejects.toThrow(door.broken.error);

  await until(() => under.started.includes(document._id.toHexString()));
});
