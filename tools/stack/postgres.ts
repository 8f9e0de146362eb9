import { chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { runToEnd, spawnGuarded } from './guarded-process.js';
import { findPostgresBinaries, postgresUser, type OsUser } from './postgres-binaries.js';
import { isAlive } from './process-alive.js';
import { startServer } from './server-start.js';
import { sourceTableStatements } from './source-table.js';
import type { PartOptions, StackPart } from './stack-part.js';

const INITDB_TIMEOUT_MS = 60_000;
const START_TIMEOUT_SECONDS = 30;
const CONNECT_TIMEOUT_MS = 2000;
/** Folders in the temporary folder are ours by this prefix; the number after it is the process that made them. */
const FOLDER_PREFIX = 'vachan-postgres-';

export interface PostgresEndpoints {
  dsn: string;
  schema: string;
  table: string;
}

export interface PostgresOptions extends PartOptions {
  /** PEM of our own server's key and certificate: it then offers TLS. */
  tls?: { key: string; cert: string };
}

/** The server at `POSTGRES_DSN`, or one of our own, empty and gone at stop; with the contract's source table. */
export async function startPostgres(options: PostgresOptions): Promise<StackPart<PostgresEndpoints>> {
  const { environment } = options;
  const schema = environment['POSTGRES_SCHEMA'] ?? 'public';
  const table = environment['POSTGRES_TABLE'] ?? 'student_assessment_record';
  const configured = environment['POSTGRES_DSN'];
  if (configured !== undefined && configured !== '') {
    await createSourceTable(configured, schema, table);
    return {
      how: 'POSTGRES_DSN',
      endpoints: { dsn: configured, schema, table },
      stop: () => Promise.resolve(),
    };
  }
  const server = await startOwnServer(options);
  const dsn = `postgresql://postgres@127.0.0.1:${server.port}/postgres`;
  await createSourceTable(dsn, schema, table);
  return { how: server.how, endpoints: { dsn, schema, table }, stop: server.stop };
}

async function startOwnServer(
  options: PostgresOptions,
): Promise<{ how: string; port: number; stop: () => Promise<void> }> {
  const { environment, folder, log } = options;
  const user = postgresUser();
  sweepFolders();
  // In the temporary folder, since the other user may not be let into the project's.
  const home = mkdtempSync(join(tmpdir(), `${FOLDER_PREFIX}${process.pid}-`));
  const removeHome = (): void => rmSync(home, { recursive: true, force: true });
  try {
    writeFileSync(join(home, '.owner'), String(process.pid));
    const data = join(home, 'data');
    mkdirSync(data, { mode: 0o700 });
    if (user !== undefined) for (const path of [home, data]) chownSync(path, user.uid, user.gid);
    const binaries = await findPostgresBinaries(environment, join(home, 'programs'), log);
    await runToEnd(
      join(binaries.value, 'initdb'),
      ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
      { timeoutMs: INITDB_TIMEOUT_MS, cwd: home, user },
    );
    const tls = options.tls === undefined ? [] : tlsArguments(home, options.tls, user);
    const { process: server, ports } = await startServer({
      ports: 1,
      startTimeoutSeconds: START_TIMEOUT_SECONDS,
      launch: ([port]) =>
        spawnGuarded({
          name: 'Postgres',
          command: join(binaries.value, 'postgres'),
          args: [
            ...['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1'],
            // Nothing here outlives the stack, so nothing needs to reach the disk.
            ...['-c', 'unix_socket_directories=', '-c', 'fsync=off', '-c', 'max_connections=200'],
            ...tls,
          ],
          logFile: join(folder, 'postgres.log'),
          env: environment,
          cwd: home,
          user,
          // Fast shutdown: an open connection does not hold it up.
          stopSignal: 'INT',
        }),
      probe: ([port]) => query(`postgresql://postgres@127.0.0.1:${port}/postgres`, ['SELECT 1']),
    });
    const stop = async (): Promise<void> => {
      await server.stop();
      removeHome();
    };
    return { how: binaries.method, port: ports[0] ?? 0, stop };
  } catch (error) {
    removeHome();
    throw error;
  }
}

/** The server takes only a key that nobody else may read. */
function tlsArguments(home: string, tls: { key: string; cert: string }, user: OsUser | undefined): string[] {
  const paths = { key: join(home, 'server.key'), cert: join(home, 'server.crt') };
  for (const part of ['key', 'cert'] as const) {
    writeFileSync(paths[part], tls[part], { mode: 0o600 });
    if (user !== undefined) chownSync(paths[part], user.uid, user.gid);
  }
  return ['-c', 'ssl=on', '-c', `ssl_key_file=${paths.key}`, '-c', `ssl_cert_file=${paths.cert}`];
}

// A stack that was killed could not remove its folder; its server is gone with it.
function sweepFolders(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(FOLDER_PREFIX)) continue;
    const folder = join(tmpdir(), name);
    try {
      if (!isAlive(Number(readFileSync(join(folder, '.owner'), 'utf8')))) {
        rmSync(folder, { recursive: true, force: true });
      }
    } catch {
      // Being made or removed by another, or not ours to remove.
    }
  }
}

/** Creates the contract's source table, if missing. */
export async function createSourceTable(dsn: string, schema: string, table: string): Promise<void> {
  await query(dsn, sourceTableStatements(schema, table));
}

async function query(dsn: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: dsn, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // A server that goes away closes the connection; what it means is decided by the query that fails.
  client.on('error', () => undefined);
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
