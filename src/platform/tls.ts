import type { MongoClientOptions } from 'mongodb';
import { ConfigurationError } from './errors.js';

/** What a connection to a database demands. */
export interface TlsDemand {
  /** True: TLS with a certificate that verifies, or no connection at all. False: what the address says. */
  required: boolean;
  /** Certificates in PEM to trust instead of the system's. */
  ca: string | undefined;
}

/** What in a MongoDB URI would undo the demand, by option, lower-case, with the values that do. */
const MONGO_WEAKENS: Readonly<Record<string, string>> = {
  tls: 'false',
  ssl: 'false',
  tlsinsecure: 'true',
  tlsallowinvalidcertificates: 'true',
  tlsallowinvalidhostnames: 'true',
};

/**
 * The driver's options for a demand.
 *
 * @throws ConfigurationError when the URI itself switches TLS or its checks off
 */
export function mongoTls(uri: string, { required, ca }: TlsDemand): MongoClientOptions {
  const trusted = ca === undefined ? {} : { ca };
  if (!required) return trusted;
  for (const [name, value] of queryOf(uri)) {
    if (MONGO_WEAKENS[name.toLowerCase()] === value.toLowerCase()) {
      throw new ConfigurationError(
        `MONGO_URI says ${name}=${value}, but MONGO_TLS demands TLS that is verified.`,
      );
    }
  }
  return { ...trusted, tls: true };
}

/** The modes of libpq that neither fall back to plain nor skip the certificate, as `pg` understands them. */
const VERIFYING_MODES = ['require', 'verify-ca', 'verify-full'];
const DSN_TLS = /^(sslmode|ssl|uselibpqcompat|sslnegotiation)$/;

/** What `pg` takes. */
export interface PostgresAddress {
  connectionString: string;
  ssl?: { rejectUnauthorized: true; ca?: string };
}

/**
 * The address and TLS of a Postgres pool for a demand.
 *
 * Whatever stands in a DSN overrides the pool's own options, so its TLS parameters are taken out once they are checked.
 *
 * @throws ConfigurationError when the DSN asks for less than is demanded
 */
export function postgresTls(dsn: string, { required, ca }: TlsDemand): PostgresAddress {
  if (!required && ca === undefined) return { connectionString: dsn };
  for (const [name, value] of queryOf(dsn)) {
    const weak =
      (name === 'sslmode' && !VERIFYING_MODES.includes(value)) ||
      (name === 'ssl' && !['true', '1'].includes(value)) ||
      name === 'uselibpqcompat';
    if (weak) {
      throw new ConfigurationError(
        `POSTGRES_DSN says ${name}=${value}, but POSTGRES_TLS demands TLS that is verified.`,
      );
    }
    if (name === 'sslrootcert' || name === 'sslcert' || name === 'sslkey') {
      throw new ConfigurationError(`POSTGRES_DSN has ${name}; beside POSTGRES_TLS use POSTGRES_TLS_CA_FILE.`);
    }
  }
  const [address = '', query = ''] = dsn.split('?', 2);
  const rest = query.split('&').filter((pair) => pair !== '' && !DSN_TLS.test(pair.split('=', 1)[0] ?? ''));
  return {
    connectionString: rest.length === 0 ? address : `${address}?${rest.join('&')}`,
    ssl: { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) },
  };
}

/** Of the address only the query: passwords are often pasted unescaped, and need not parse. */
const queryOf = (address: string): URLSearchParams =>
  new URLSearchParams(/\?([^?]*)$/.exec(address)?.[1] ?? '');
