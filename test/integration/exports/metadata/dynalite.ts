import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { FAKE_AWS_CREDENTIALS } from '../../../../tools/stack/aws.js';
import { createMetadataTable, EXPORTS_TABLE } from '../../../../tools/stack/exports.js';
import { cacheFolder } from '../../../../tools/stack/folders.js';
import type { TableServer } from './metadata-in-table.js';

/** DynamoDB in memory (Apache-2.0), which ends an answer at the megabyte where AWS does: UnprocessedKeys of a server. */
const VERSION = '4.0.0';
const INSTALL_TIMEOUT_MS = 300_000;

const folderInCache = (): string => join(cacheFolder(process.env), 'npm', `dynalite-${VERSION}`);
const moduleIn = (folder: string): string => join(folder, 'node_modules', 'dynalite');

/** From the cache, or installed once into it; undefined, with the reason printed, where neither can be. */
const dynalite = cached() ?? install();

/** Whether the server can be had here. */
export const hasDynalite = dynalite !== undefined;

function cached(): string | undefined {
  const path = moduleIn(folderInCache());
  return existsSync(path) ? path : undefined;
}

function install(): string | undefined {
  const folder = folderInCache();
  const making = `${folder}.${process.pid}`;
  mkdirSync(making, { recursive: true });
  const args = [
    'install',
    '--prefix',
    making,
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '--omit=optional',
  ];
  const { status, stderr, error } = spawnSync('npm', [...args, `dynalite@${VERSION}`], {
    timeout: INSTALL_TIMEOUT_MS,
    encoding: 'utf8',
  });
  if (status === 0 && !existsSync(folder)) renameSync(making, folder);
  rmSync(making, { recursive: true, force: true });
  if (status === 0) return cached();
  console.warn(
    `dynalite ${VERSION} is not tested against: ${error?.message ?? stderr.trim().split('\n').at(-1)}`,
  );
  return undefined;
}

/** Starts one in this process, with an empty metadata table. */
export async function dynaliteServer(): Promise<TableServer> {
  if (dynalite === undefined) throw new Error(`dynalite is not in ${dirname(folderInCache())}`);
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- its place is known only now
  const create = require(dynalite) as (options: { createTableMs: number }) => Server;
  const server = create({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpointUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connection = { endpointUrl, region: 'us-east-1', ...FAKE_AWS_CREDENTIALS };
  await createMetadataTable(connection, EXPORTS_TABLE);
  return {
    connection,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
