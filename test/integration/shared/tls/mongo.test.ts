import { join } from 'node:path';
import { createAuthority } from '../../certificates.js';
import { vachan } from '../cli/run-vachan.js';
import { embeddedStack, freshFolder } from '../../embedded-stack.js';
import { createInstallation, endLeftInstallations } from '../../recordings/pipeline/installation.js';
import { recordings } from '../../recordings/pipeline/recordings.js';
import { TEST_DATE } from '../../recordings/sources/source-documents.js';
import { spawnWorker } from '../../recordings/pipeline/worker-process.js';
import { fileWith } from './certificate-files.js';
import { expectRefused } from './expect-refused.js';
import { closeLeftGates, GATE_HOST, tlsGate } from './gates.js';

const STORY_MS = 300_000;

const authority = createAuthority('Vachan test authority');
const stranger = createAuthority('Somebody else');
const plainPort = Number(new URL(embeddedStack().endpoints.mongo.uri).port);

let good: Record<string, string>;
let expired: Record<string, string>;
beforeAll(async () => {
  const settings = async (identity: { key: string; cert: string }): Promise<Record<string, string>> => ({
    MONGO_URI: `mongodb://${GATE_HOST}:${(await tlsGate(plainPort, identity)).port}/?directConnection=true`,
    ...{ MONGO_TLS: 'true', MONGO_TLS_CA_FILE: fileWith(authority.cert) },
  });
  good = await settings(authority.issue(GATE_HOST));
  expired = await settings(authority.issue(GATE_HOST, { expired: true }));
});
afterAll(async () => {
  await endLeftInstallations();
  await closeLeftGates();
});

test(
  'a worker writes its results, and the command reads them, through TLS',
  async () => {
    const installation = await createInstallation();
    const rows = recordings(3, installation.bucket);
    await installation.insert(rows);
    await installation.send(rows);
    await installation.worker(good);
    const { code } = await vachan(['ingest', '--until-empty', '--json'], installation.env);
    expect(code).toBe(0);
    expect(await installation.results()).toHaveLength(rows.length);
    const doctor = await vachan(['doctor'], { ...installation.env, ...good });
    expect(doctor.stdout).toMatch(/MongoDB +answers/);
    const page = join(freshFolder(), 'report.html');
    const report = await vachan(['report', TEST_DATE, '--no-audio', '--out', page], {
      ...installation.env,
      ...good,
    });
    expect(report.code).toBe(0);
    await installation.close();
  },
  STORY_MS,
);

test.each([
  [
    'an authority that is not the right one',
    () => ({ ...good, MONGO_TLS_CA_FILE: fileWith(stranger.cert) }),
    /signed by nobody/,
  ],
  ['a certificate that has expired', () => expired, /has expired/],
  [
    'a server that speaks no TLS',
    () => ({ ...good, MONGO_URI: embeddedStack().endpoints.mongo.uri }),
    /MongoDB could not [^:]+: /,
  ],
])(
  'the command refuses %s, in one sentence',
  (_what, environment, words) => expectRefused(environment(), words),
  STORY_MS,
);

test(
  'a worker that trusts the wrong authority says so, tries again, and stops when it is told to',
  async () => {
    const installation = await createInstallation();
    const worker = spawnWorker({ ...installation.env, ...good, MONGO_TLS_CA_FILE: fileWith(stranger.cert) });
    const { error } = await worker.said('dependency_unavailable');
    expect((error as Error).message).toMatch(/MongoDB could not be reached: .*signed by nobody/);
    expect(worker.output()).not.toMatch(/^\s+at /m);
    expect(await worker.stop()).toEqual({ code: 0, signal: null });
    await installation.close();
  },
  STORY_MS,
);
