import { Client } from 'pg';
import type { PostgresEndpoints } from '../../../../tools/stack/postgres.js';
import { startPostgres } from '../../../../tools/stack/postgres.js';
import type { StackPart } from '../../../../tools/stack/stack-part.js';
import { createAuthority, selfSigned } from '../../certificates.js';
import { vachan } from '../cli/run-vachan.js';
import { freshFolder } from '../../embedded-stack.js';
import {
  createInstallation,
  endLeftInstallations,
  type Installation,
} from '../../recordings/pipeline/installation.js';
import { seed } from '../../recordings/pipeline/seeded-rows.js';
import { TEST_DATE } from '../../recordings/sources/source-documents.js';
import { fileWith } from './certificate-files.js';
import { expectRefused } from './expect-refused.js';

const STORY_MS = 300_000;

const authority = createAuthority('Vachan test authority');
const stranger = createAuthority('Somebody else');

type Server = StackPart<PostgresEndpoints>;
const serverWith = (tls: { key: string; cert: string }): Promise<Server> =>
  startPostgres({ folder: freshFolder(), environment: {}, log: () => undefined, tls });

let server: Server;
let expired: Server;
beforeAll(async () => {
  [server, expired] = await Promise.all([
    serverWith(authority.issue('127.0.0.1')),
    serverWith(authority.issue('127.0.0.1', { expired: true })),
  ]);
}, STORY_MS);
afterAll(async () => {
  await endLeftInstallations();
  await Promise.all([server.stop(), expired.stop()]);
}, STORY_MS);

const settings = (dsn: string, ca: string): Record<string, string> => ({
  ...{ DISCOVERY_SOURCE_TYPE: 'postgres', POSTGRES_DSN: dsn, POSTGRES_TLS: 'true' },
  ...{ POSTGRES_SCHEMA: server.endpoints.schema, POSTGRES_TABLE: server.endpoints.table },
  ...{ POSTGRES_TLS_CA_FILE: fileWith(ca), MONGO_SOURCE_COLLECTION: 'not_the_source' },
});

test(
  'a worker and the command score a run from a Postgres that they verify',
  async () => {
    const installation: Installation = await createInstallation({
      env: settings(`${server.endpoints.dsn}?sslmode=verify-full`, authority.cert),
    });
    await seed(installation, 16, server.endpoints);
    await installation.worker();
    const { code, stdout, stderr } = await vachan(
      ['start', TEST_DATE, '--mode', 'backfill', '--json'],
      installation.env,
    );
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ status: 'completed', discovery: { discovered: 16 } });
    expect(await encryptedConnections()).toEqual([true]);
    await installation.close();
  },
  STORY_MS,
);

/** Whether the connections that Vachan has open just now are encrypted, each answer once. */
async function encryptedConnections(): Promise<boolean[]> {
  const client = new Client({ connectionString: server.endpoints.dsn });
  await client.connect();
  const { rows } = await client.query<{ ssl: boolean }>(
    "SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'vachan'",
  );
  await client.end();
  return rows.map(({ ssl }) => ssl);
}

test.each([
  [
    'an authority that is not the right one',
    () => settings(server.endpoints.dsn, stranger.cert),
    /signed by nobody/,
  ],
  ['a certificate that has expired', () => settings(expired.endpoints.dsn, authority.cert), /has expired/],
  [
    "another host's certificate",
    () => settings(server.endpoints.dsn.replace('127.0.0.1', 'localhost'), authority.cert),
    /is for another host/,
  ],
  [
    'a DSN that asks for less',
    () => settings(`${server.endpoints.dsn}?sslmode=no-verify`, selfSigned('x').cert),
    /POSTGRES_DSN says sslmode=no-verify/,
  ],
])(
  'the command refuses %s, in one sentence',
  (_what, environment, words) => expectRefused(environment(), words),
  STORY_MS,
);
