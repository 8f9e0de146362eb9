import { createAuthority } from '../../certificates.js';
import { vachan, type Ended } from '../cli/run-vachan.js';
import { temporalEndpoints } from '../../embedded-stack.js';
import { createInstallation, endLeftInstallations } from '../../recordings/pipeline/installation.js';
import { recordings } from '../../recordings/pipeline/recordings.js';
import { spawnWorker } from '../../recordings/pipeline/worker-process.js';
import { fileWith } from './certificate-files.js';
import { closeLeftGates, GATE_HOST, grpcGate, type TlsGate } from './gates.js';

const STORY_MS = 300_000;
const API_KEY = 'key-of-this-test';

const authority = createAuthority('Vachan test authority');
const stranger = createAuthority('Somebody else');
const own = authority.issue('worker.vachan');

/** Asks for a client's certificate and an API key, as some servers do. */
let gate: TlsGate;
let address: string;
let identity: Record<string, string>;
beforeAll(async () => {
  gate = await grpcGate(temporalEndpoints().address, {
    ...{ ...authority.issue(GATE_HOST), ca: authority.cert, requestCert: true, apiKey: API_KEY },
  });
  address = `${GATE_HOST}:${gate.port}`;
  identity = {
    TEMPORAL_ADDRESS: address,
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: fileWith(authority.cert),
    TEMPORAL_TLS_CLIENT_CERT_PATH: fileWith(own.cert),
    TEMPORAL_TLS_CLIENT_KEY_PATH: fileWith(own.key),
    TEMPORAL_API_KEY: API_KEY,
  };
});
afterAll(async () => {
  await endLeftInstallations();
  await closeLeftGates();
});

test(
  'a worker and the command score a queue through mTLS with an API key',
  async () => {
    const installation = await createInstallation({ env: identity });
    const rows = recordings(3, installation.bucket);
    await installation.insert(rows);
    await installation.send(rows);
    await installation.worker();
    const { code, stdout, stderr } = await vachan(['ingest', '--until-empty', '--json'], installation.env);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ outcomes: { completed: rows.length } });
    await installation.close();
  },
  STORY_MS,
);

/** What the command says of a server that it cannot speak to. */
async function refusal(changes: Record<string, string | undefined>): Promise<Ended> {
  const environment = Object.fromEntries(
    Object.entries({ ...identity, ...changes }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
  return vachan(['status', 'discovery:none:2025-12-20'], environment);
}

describe('the command says in one sentence', () => {
  const expired = grpcGateWith(() => authority.issue(GATE_HOST, { expired: true }));
  const elsewhere = grpcGateWith(() => authority.issue('temporal.example.org'));
  // Each waits for its deadline: together they take no longer than one.
  const refusals = new Map<string, Promise<Ended>>();
  const cases: [string, () => Promise<Record<string, string | undefined>>, RegExp][] = [
    [
      'that an authority is not the right one',
      () => Promise.resolve({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: fileWith(stranger.cert) }),
      /its certificate is signed by nobody whom TEMPORAL_TLS_SERVER_CA_CERT_PATH or the system trusts/,
    ],
    [
      "that a server's certificate has expired",
      async () => ({ TEMPORAL_ADDRESS: await expired() }),
      /its certificate has expired/,
    ],
    [
      "that a server's certificate is another host's",
      async () => ({ TEMPORAL_ADDRESS: await elsewhere() }),
      /its certificate is for another host/,
    ],
    [
      'that a client certificate is missing',
      () =>
        Promise.resolve({
          TEMPORAL_TLS_CLIENT_CERT_PATH: undefined,
          TEMPORAL_TLS_CLIENT_KEY_PATH: undefined,
        }),
      /it asks for a client certificate; see TEMPORAL_TLS_CLIENT_CERT_PATH/,
    ],
    [
      "that a client certificate is a stranger's",
      () => {
        const { key, cert } = stranger.issue('worker.vachan');
        return Promise.resolve({
          TEMPORAL_TLS_CLIENT_CERT_PATH: fileWith(cert),
          TEMPORAL_TLS_CLIENT_KEY_PATH: fileWith(key),
        });
      },
      /accept the client certificate.* TEMPORAL_TLS_CLIENT_CERT_PATH/,
    ],
    [
      'that an API key is wrong, without showing it',
      () => Promise.resolve({ TEMPORAL_API_KEY: 'wrong-key' }),
      /refuses this identity .*Is TEMPORAL_API_KEY right/,
    ],
    [
      'that a server asks for TLS',
      () =>
        Promise.resolve({
          ...Object.fromEntries(Object.keys(identity).map((name) => [name, undefined])),
          TEMPORAL_ADDRESS: address,
        }),
      /it speaks TLS; set TEMPORAL_TLS=true/,
    ],
    [
      'that a server speaks no TLS',
      () => Promise.resolve({ TEMPORAL_ADDRESS: temporalEndpoints().address }),
      /it does not speak TLS/,
    ],
    [
      'that a file of the settings is missing',
      () => Promise.resolve({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/nowhere/ca.pem' }),
      /Temporal's settings .*\/nowhere\/ca\.pem/,
    ],
  ];
  beforeAll(async () => {
    for (const [name, changes] of cases) {
      refusals.set(
        name,
        changes().then((changed) => refusal(changed)),
      );
    }
    await Promise.all(refusals.values());
  }, STORY_MS);

  test.each(cases)('%s', async (name, _changes, words) => {
    const { code, stdout, stderr } = (await refusals.get(name))!;
    expect(stderr).toMatch(words);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).not.toMatch(/^\s+at |not foreseen|wrong-key/m);
    expect(stderr.split('\n').filter((line) => line.startsWith('vachan:'))).toHaveLength(1);
  });
});

/** A gate with another certificate, opened when it is first asked for. */
function grpcGateWith(issue: () => { key: string; cert: string }): () => Promise<string> {
  return async () => {
    const { port } = await grpcGate(temporalEndpoints().address, issue());
    return `${GATE_HOST}:${port}`;
  };
}

test(
  'a worker that trusts the wrong authority says so, tries again, and stops when it is told to',
  async () => {
    const installation = await createInstallation();
    const worker = spawnWorker({
      ...{ ...installation.env, ...identity },
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: fileWith(stranger.cert),
    });
    const { error } = await worker.said('dependency_unavailable');
    expect(error).toMatchObject({
      name: 'DependencyUnavailable',
      message: expect.stringContaining('signed by nobody') as string,
    });
    expect(worker.output()).not.toMatch(/^\s+at /m);
    expect(await worker.stop()).toEqual({ code: 0, signal: null });
    await installation.close();
  },
  STORY_MS,
);
