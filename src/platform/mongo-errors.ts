import { MongoError, MongoServerError, MongoServerSelectionError, type MongoClient } from 'mongodb';
import { ConfigurationError, DependencyUnavailable } from './errors.js';
import { tlsTrouble } from './tls-trouble.js';

/**
 * Runs one operation on MongoDB and maps the driver's errors to `DependencyUnavailable`. The message names the
 * operation and the server's code only: the driver's own text may quote keys or values. Other errors pass.
 */
export async function onMongo<T>(operation: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw mapMongoError(operation, error);
  }
}

/**
 * Makes something of the driver's from a setting. The driver's own complaint may quote the address and its password, so
 * that only the names of options are taken from it.
 *
 * @throws ConfigurationError naming the setting
 */
export function fromSetting<T>(setting: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    const options = /^options? [\w, ]{1,200} (?:is|are) not supported$/.exec(error.message)?.[0];
    throw new ConfigurationError(
      `${setting} cannot be used: the MongoDB driver refuses it (${options ?? error.name}).`,
    );
  }
}

export function mapMongoError(operation: string, error: unknown): unknown {
  if (isSocketError(error)) {
    return new DependencyUnavailable(`MongoDB could not ${operation}: ${error.code}`, { cause: error });
  }
  if (!(error instanceof MongoError)) return error;
  const tls = tlsTrouble(error, { ca: 'MONGO_TLS_CA_FILE', on: 'MONGO_TLS' });
  if (tls !== undefined) {
    return new DependencyUnavailable(`MongoDB could not ${operation}: ${tls}`, { cause: error });
  }
  if (error instanceof MongoServerSelectionError) {
    return new DependencyUnavailable(`MongoDB could not ${operation}: ${whyNoServer(error)}`, {
      cause: error,
    });
  }
  const code = error instanceof MongoServerError ? (error.codeName ?? error.code ?? error.name) : error.name;
  return new DependencyUnavailable(`MongoDB could not ${operation}: ${code}`, { cause: error });
}

/** The driver names the server and its port, which a person at the Web UI need not read; the socket's code is enough. */
function whyNoServer(error: MongoServerSelectionError): string {
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return `no server answers (${cause.code})`;
  }
  return 'no server answers, or none is primary (MongoServerSelectionError)';
}

/**
 * Connects, and may be called again after it failed. Operations connect by themselves only once: a client whose first
 * operation met no server answers every later one with "topology is closed", also when the server is there by then.
 *
 * @throws DependencyUnavailable
 */
export async function reachMongo(client: MongoClient): Promise<void> {
  await onMongo('be reached', () => client.connect());
}

/** A write onto a connection that was reset just then comes out of the driver as the socket's own error. */
function isSocketError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';
}
