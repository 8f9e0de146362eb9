import { Client, Connection, type WorkflowClientInterceptor } from '@temporalio/client';
import { loadClientConfigProfile, toClientOptions, type ClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnection } from '@temporalio/worker';
import type { KeyRing } from '../platform/crypto/key-ring.js';
import { ConfigurationError, DependencyUnavailable } from '../platform/errors.js';
import { createDataConverter } from './encryption/data-converter.js';
import { explainTls } from './explain-tls.js';

/**
 * Temporal's own environment configuration: `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`, TLS and
 * profiles, from the environment and the standard file.
 *
 * @throws ConfigurationError where the SDK would quietly connect with less protection than was asked for
 */
function connectConfig(): ClientConnectConfig {
  const { tls, ...profile } = readable(loadClientConfigProfile);
  if ((tls?.clientCert === undefined) !== (tls?.clientKey === undefined)) {
    throw new ConfigurationError(
      'Only half of the TLS identity for Temporal is set; TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH belong together.',
    );
  }
  if (tls?.disabled === true && profile.apiKey !== undefined) {
    throw new ConfigurationError(
      'TEMPORAL_TLS is off, and TEMPORAL_API_KEY would be sent in the clear; unset one of them.',
    );
  }
  return readable(() => toClientOptions({ ...profile, ...(tls === undefined ? {} : { tls }) }));
}

/** Files that are missing or wrong are a person's mistake. */
function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ConfigurationError(
      `Temporal's settings (TEMPORAL_…) cannot be used: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

export function temporalNamespace(): string {
  return connectConfig().namespace ?? 'default';
}

export function temporalAddress(): string {
  return connectConfig().connectionOptions.address ?? 'localhost:7233';
}

/** How long a first connection may take; a server that starts beside the worker is waited for by the caller. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * A connection that the network forgot without a word is noticed within 20 s, where the SDK's own pings need 45. Temporal's server takes
 * offence at pings more often than every 10 s.
 */
const PINGS = { 'grpc.keepalive_time_ms': 15_000, 'grpc.keepalive_timeout_ms': 5_000 };

export interface ClientOptions {
  timeoutMs?: number;
  /** What sees every call that starts a workflow or asks it. */
  interceptors?: readonly WorkflowClientInterceptor[];
}

/**
 * A client that reads and writes as this project's workers do.
 *
 * @param keys what payloads are encrypted with; undefined writes them plain
 * @throws DependencyUnavailable when the server cannot be reached, naming its address
 */
export async function connectClient(
  keys: KeyRing | undefined,
  { timeoutMs = CONNECT_TIMEOUT_MS, interceptors = [] }: ClientOptions = {},
): Promise<Client> {
  const { connectionOptions, namespace } = connectConfig();
  const connection = readable(() =>
    Connection.lazy({ ...connectionOptions, channelArgs: PINGS, connectTimeout: timeoutMs }),
  );
  try {
    await reach(connectionOptions, () => connection.ensureConnected());
  } catch (error) {
    // gRPC shares sockets among a process's clients. One that was opened while the network swallowed everything would
    // be handed to each further try, and the server never be reached again although it is back.
    await connection.close();
    throw error;
  }
  return new Client({
    connection,
    namespace: namespace ?? 'default',
    dataConverter: createDataConverter(keys),
    interceptors: { workflow: [...interceptors] },
  });
}

/** The connection of workers. @throws DependencyUnavailable as {@link connectClient} does */
export async function connectWorker(): Promise<NativeConnection> {
  // Loaded here: a command that only asks the server is twice as fast without the worker's native library.
  const { NativeConnection } = await import('@temporalio/worker');
  const { connectionOptions } = connectConfig();
  return reach(connectionOptions, () => NativeConnection.connect(connectionOptions));
}

/** Codes of gRPC: who asks is not known, or may not. */
const REFUSED_CODES: readonly unknown[] = [7, 16];

async function reach<T>(
  options: ClientConnectConfig['connectionOptions'],
  connect: () => Promise<T>,
): Promise<T> {
  try {
    return await connect();
  } catch (error) {
    const { message, cause } = error as Error;
    const address = temporalAddress();
    const { code } = (cause ?? error) as { code?: unknown };
    const text = REFUSED_CODES.includes(code)
      ? `Temporal at ${address} refuses this identity (${(cause as Error).message}). Is TEMPORAL_API_KEY right?`
      : await explainTls({ ...options, address }).then((why) =>
          why === undefined
            ? `Temporal does not answer at ${address}: ${message}. Is TEMPORAL_ADDRESS right?`
            : `Temporal cannot be reached at ${address}: ${why}.`,
        );
    throw new DependencyUnavailable(text, { cause: error });
  }
}
