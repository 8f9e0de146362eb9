import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AwsConnection } from './aws.js';
import { cacheFolder, findOnPath, type Environment } from './folders.js';
import { spawnGuarded } from './guarded-process.js';
import { startServer } from './server-start.js';

/** A real S3 server over a folder (Apache-2.0): whole-object checksums of multipart uploads, EntityTooSmall and the rest. */
export const VERSITY_VERSION = '1.8.0';
const PACKAGE = 'github.com/versity/versitygw/cmd/versitygw';
/** A minute on an idle machine. */
const BUILD_TIMEOUT_MS = 900_000;
const START_TIMEOUT_SECONDS = 60;
const HEALTH_TIMEOUT_MS = 2000;

/** The server's executable: from the cache, or built once into it by Go. Else why there is none. */
export function findVersityGateway(
  environment: Environment,
): { path: string; why?: undefined } | { path?: undefined; why: string } {
  const folder = join(cacheFolder(environment), 'go', `versitygw-${VERSITY_VERSION}`);
  const path = join(folder, 'versitygw');
  if (existsSync(path)) return { path };
  const go = findOnPath('go', environment);
  if (go === undefined) return { why: 'there is no Go on PATH' };
  const building = `${folder}.${process.pid}`;
  mkdirSync(building, { recursive: true });
  const { status, stderr, error } = spawnSync(go, ['install', `${PACKAGE}@v${VERSITY_VERSION}`], {
    timeout: BUILD_TIMEOUT_MS,
    encoding: 'utf8',
    env: { ...environment, GOBIN: building, GOFLAGS: '-mod=mod' },
  });
  if (status === 0) {
    mkdirSync(folder, { recursive: true });
    renameSync(join(building, 'versitygw'), path);
  }
  rmSync(building, { recursive: true, force: true });
  if (existsSync(path)) return { path };
  return { why: error?.message ?? stderr.trim().split('\n').at(-1) ?? 'go install failed' };
}

export interface VersityGatewayOptions {
  /** The executable. */
  path: string;
  environment: Environment;
  /** For its objects and its log; exists. */
  folder: string;
  /** The only one that it takes. */
  connection: Omit<AwsConnection, 'endpointUrl'>;
}

/** Starts the server on a free port of loopback. */
export async function startVersityGateway({
  path,
  environment,
  folder,
  connection,
}: VersityGatewayOptions): Promise<{ endpointUrl: string; stop: () => Promise<void> }> {
  const objects = join(folder, 'objects');
  mkdirSync(objects, { recursive: true });
  const { process: server, ports } = await startServer({
    ports: 1,
    startTimeoutSeconds: START_TIMEOUT_SECONDS,
    launch: ([port]) =>
      spawnGuarded({
        name: 'versitygw',
        command: path,
        args: [
          ...['--keep-alive', '--quiet', '--health', '/health', '--port', `127.0.0.1:${port}`],
          ...['posix', objects],
        ],
        logFile: join(folder, 'versitygw.log'),
        env: {
          PATH: environment['PATH'],
          HOME: folder,
          ROOT_ACCESS_KEY: connection.accessKeyId,
          ROOT_SECRET_KEY: connection.secretAccessKey,
          VGW_REGION: connection.region,
        },
        cwd: folder,
      }),
    probe: async ([port]) => {
      const answer = await fetch(`http://127.0.0.1:${port}/health`, {
        signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
      });
      if (!answer.ok) throw new Error(`health answered ${answer.status}`);
    },
  });
  return { endpointUrl: `http://127.0.0.1:${ports[0]}`, stop: () => server.stop() };
}
