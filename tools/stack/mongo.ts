import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient, MongoServerError } from 'mongodb';
import { cacheFolder, findOnPath, projectRoot, type Environment } from './folders.js';
import { runToEnd, spawnGuarded } from './guarded-process.js';
import { cachedPythonPackage, installPythonPackage } from './python-package.js';
import { startServer } from './server-start.js';
import type { PartOptions, StackPart } from './stack-part.js';
import { firstThatWorks, type Log } from './install-methods.js';

const SECANTUS = { name: 'secantusdb', version: '0.7.0b3' };
const START_TIMEOUT_SECONDS = 40;
const PROBE_TIMEOUT_MS = 2000;
/** A set of one elects itself within a second. */
const ELECTION_LOOK_MS = 50;
const VERSION_CHECK_TIMEOUT_MS = 15_000;
/** The download server must answer within this, or there is no internet. */
const DOWNLOAD_REACHABLE_WITHIN_MS = 3000;
/** 100 MB on a slow line. */
const DOWNLOAD_TIMEOUT_MS = 300_000;

export interface MongoOptions extends PartOptions {
  /** Be a replica set of one member: only those have change streams. */
  changeStreams?: boolean;
}

export interface MongoEndpoints {
  uri: string;
  database: string;
}

/** What to run, given a data folder and a port. */
interface MongoProgram {
  command: string;
  args: (data: string, port: number, changeStreams: boolean) => string[];
  /** Makes it the replica set that it was started as. */
  initiate?: (uri: string) => Promise<void>;
}

/** The server at `MONGO_URI`, or one of our own: mongod, its download, or PyPI's secantusdb. */
export async function startMongo(options: MongoOptions): Promise<StackPart<MongoEndpoints>> {
  const { environment, folder, log, changeStreams = false } = options;
  const uri = environment['MONGO_URI'];
  if (uri !== undefined && uri !== '') {
    const database = environment['MONGO_DB_NAME'] ?? 'vachan';
    await ping(uri);
    return { how: 'MONGO_URI', endpoints: { uri, database }, stop: () => Promise.resolve() };
  }
  const { value, method } = await findProgram(environment, log);
  const data = join(folder, 'mongo');
  mkdirSync(data, { recursive: true });
  const { process: server, ports } = await startServer({
    ports: 1,
    startTimeoutSeconds: START_TIMEOUT_SECONDS,
    launch: ([port = 0]) =>
      spawnGuarded({
        name: 'MongoDB',
        command: value.command,
        args: value.args(data, port, changeStreams),
        logFile: join(folder, 'mongo.log'),
        env: environment,
        cwd: folder,
      }),
    probe: ([port = 0]) => ping(localUri(port)),
  });
  if (changeStreams) await value.initiate?.(localUri(ports[0] ?? 0));
  return {
    how: method,
    endpoints: { uri: localUri(ports[0] ?? 0), database: 'vachan' },
    groupId: server.groupId,
    stop: () => server.stop(),
  };
}

const localUri = (port: number): string => `mongodb://127.0.0.1:${port}/?directConnection=true`;

function findProgram(environment: Environment, log: Log): Promise<{ value: MongoProgram; method: string }> {
  const cache = cacheFolder(environment);
  return firstThatWorks<MongoProgram>(
    'MongoDB',
    [
      { name: 'mongod on PATH', find: () => mongod(findOnPath('mongod', environment)) },
      { name: "mongod in the project's cache", find: () => mongod(downloadedMongod(cache)) },
      // Before another try at the download, which costs seconds where the network swallows packets.
      {
        name: "secantusdb in the project's cache",
        find: () => secantus(cachedPythonPackage(cache, SECANTUS)),
      },
      {
        name: "mongodb-memory-server's download",
        find: async () => mongod(await downloadMongod(cache, log)),
      },
      {
        name: 'PyPI secantusdb',
        find: async () => secantus(await installPythonPackage(cache, SECANTUS, environment, log)),
      },
    ],
    log,
  );
}

async function mongod(path: string | undefined): Promise<MongoProgram | undefined> {
  if (path === undefined) return undefined;
  // A downloaded binary may lack the libraries of this system.
  await runToEnd(path, ['--version'], { timeoutMs: VERSION_CHECK_TIMEOUT_MS });
  return {
    command: path,
    args: (data, port, changeStreams) => [
      ...['--dbpath', data, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'],
      ...(changeStreams ? ['--replSet', 'vachan'] : []),
    ],
    initiate,
  };
}

/** Resolves once it is its own primary, and so takes writes. */
async function initiate(uri: string): Promise<void> {
  const client = new MongoClient(uri);
  const admin = client.db('admin');
  try {
    const members = [{ _id: 0, host: new URL(uri).host }];
    await admin.command({ replSetInitiate: { _id: 'vachan', members } }).catch((error: unknown) => {
      if (!(error instanceof MongoServerError && error.codeName === 'AlreadyInitialized')) throw error;
    });
    while ((await admin.command({ hello: 1 }))['isWritablePrimary'] !== true) await delay(ELECTION_LOOK_MS);
  } finally {
    await client.close();
  }
}

function secantus(venv: string | undefined): MongoProgram | undefined {
  if (venv === undefined) return undefined;
  return {
    command: join(venv, 'bin', 'python'),
    args: (data, port, changeStreams) => [
      ...['-m', 'secantus', '--host', '127.0.0.1', '--port', String(port), '--storage-path', data],
      // One gigabyte by default; a demo's data fit in this many times over.
      ...['--cache-size', '256M', '--log-level', 'WARNING'],
      // Otherwise it gives itself out as a replica set.
      ...(changeStreams ? [] : ['--standalone']),
    ],
  };
}

const downloadFolder = (cache: string): string => join(cache, 'mongodb');

function downloadedMongod(cache: string): string | undefined {
  const folder = downloadFolder(cache);
  if (!existsSync(folder)) return undefined;
  const file = readdirSync(folder).find(
    (name) => /^mongod[-\w.]*$/.test(name) && !/\.(lock|tgz|downloading)$/.test(name),
  );
  return file === undefined ? undefined : join(folder, file);
}

async function downloadMongod(cache: string, log: Log): Promise<string | undefined> {
  const folder = downloadFolder(cache);
  // In a process of its own: the library cannot be cancelled. It is a development dependency and may be absent.
  const script = (body: string): string => `
    const { DryMongoBinary } = require('mongodb-memory-server-core/lib/util/DryMongoBinary');
    const { MongoBinaryDownloadUrl } = require('mongodb-memory-server-core/lib/util/MongoBinaryDownloadUrl');
    const { MongoBinary } = require('mongodb-memory-server-core/lib/util/MongoBinary');
    const downloadDir = ${JSON.stringify(folder)};
    (async () => { ${body} })().catch((error) => { console.error(error.message); process.exitCode = 1; });`;
  const url = await runToEnd(
    process.execPath,
    [
      '-e',
      script(`const options = await DryMongoBinary.generateOptions({ downloadDir });
        console.log(await new MongoBinaryDownloadUrl({ ...options, platform: process.platform }).getDownloadUrl());`),
    ],
    { timeoutMs: VERSION_CHECK_TIMEOUT_MS, cwd: projectRoot() },
  );
  try {
    await fetch(url.trim(), { method: 'HEAD', signal: AbortSignal.timeout(DOWNLOAD_REACHABLE_WITHIN_MS) });
  } catch (error) {
    throw new Error('the download server cannot be reached', { cause: error });
  }
  log(`downloading mongod into ${folder} (once)`);
  mkdirSync(folder, { recursive: true });
  await runToEnd(process.execPath, ['-e', script('await MongoBinary.getPath({ downloadDir });')], {
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
    cwd: projectRoot(),
  });
  return downloadedMongod(cache);
}

async function ping(uri: string): Promise<void> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: PROBE_TIMEOUT_MS });
  try {
    await client.db('admin').command({ ping: 1 });
  } finally {
    await client.close();
  }
}
