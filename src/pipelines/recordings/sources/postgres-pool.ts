import { Pool } from 'pg';
import { DependencyUnavailable } from '../../../platform/errors.js';
import { tlsTrouble } from '../../../platform/tls-trouble.js';
import { postgresTls, type TlsDemand } from '../../../platform/tls.js';

/** A page comes from an index in milliseconds; without one, half a minute scans tens of millions of rows. */
export const STATEMENT_TIMEOUT_MS = 30_000;
/** Beyond the server's own limit: what is silent for longer has lost its connection. */
const QUERY_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** One page, one eligibility check and a health check at a time leave one to spare. */
const MAX_CONNECTIONS = 4;

/**
 * A pool for one source; give it to `createPostgresSource`, whose `close` ends it.
 *
 * @throws ConfigurationError when the DSN asks for less TLS than is demanded
 */
export function createPostgresPool(dsn: string, tls: TlsDemand): Pool {
  const pool = new Pool({
    ...postgresTls(dsn, tls),
    application_name: 'vachan',
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
  });
  // An idle connection that breaks is replaced by the pool; unheard, its error would end the process.
  pool.on('error', () => undefined);
  return pool;
}

/**
 * Runs one operation on Postgres and maps its errors to `DependencyUnavailable`. The message names the operation and
 * the SQLSTATE or system code only: the server's own text may quote values.
 */
export async function onPostgres<T>(operation: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw new DependencyUnavailable(`Postgres could not ${operation}: ${codeOf(error) ?? 'no answer'}`, {
      cause: error,
    });
  }
}

/** The library's own words for it, without a code. */
const NO_TLS = /server does not support SSL/i;

/** The SQLSTATE of a server's error, the system's code of a connection's, or what is wrong with TLS. */
export function codeOf(error: unknown): string | undefined {
  const tls = tlsTrouble(error, { ca: 'POSTGRES_TLS_CA_FILE', on: 'POSTGRES_TLS' });
  if (tls !== undefined) return tls;
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof message === 'string' && NO_TLS.test(message)) return 'the server offers no TLS';
  return typeof code === 'string' ? code : undefined;
}
