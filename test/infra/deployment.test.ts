import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { deploymentSchema } from '../../infra/deployment/deployment.js';
import { scratchGib, wrongFargateSize } from '../../infra/deployment/fargate-size.js';
import { checkDeployment, DeploymentError, readDeployment } from '../../infra/deployment/read-deployment.js';
import { deployment, examplePath, root, secretArn } from './deployments.js';

/** What is wrong with the example after the changes, a line each; empty when nothing is. */
function problems(changes: Record<string, unknown>): string[] {
  try {
    checkDeployment(deployment(changes), 'test.json');
    return [];
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    const [head, ...lines] = error.message.split('\n');
    expect(head).toBe('The deployment test.json cannot be used:');
    return lines.map((line) => line.replace('  - ', ''));
  }
}

/** Names of all fields of a JSON schema, at any depth. */
function fieldsOf(schema: object): string[] {
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]) => {
    if (typeof value !== 'object' || value === null) return [];
    return [...(key === 'properties' ? Object.keys(value) : []), ...fieldsOf(value)];
  });
}

describe('a deployment file', () => {
  it('is the example that ships, and gets defaults for what it leaves out', () => {
    const { deployment: read, recordings } = readDeployment(examplePath);
    const { configuration } = recordings!;
    expect(read.queue).toEqual({ fifo: false, max_receive_count: 10, additional: [] });
    expect(read.orchestrator).toEqual({ cpu: 512, memory_mib: 1024, tasks: 2 });
    expect(configuration.BATCH_SIZE).toBe(100);
    expect(configuration.AUDIO_ALLOWED_BUCKETS).toEqual(['reading-assessment-recordings']);
  });

  it('that is wrong in many places is refused once, by place, value and expectation', () => {
    expect(
      problems({
        account: '12345',
        image: { tag: 'latest' },
        prescale: { at: '7 pm' },
        mongo: { uri: undefined },
        inferense: {},
      }),
    ).toEqual([
      'account is "12345"; expected an AWS account number of 12 digits',
      'image.tag is "latest"; expected a tag that is never moved (a version or a commit, not "latest"), or sha256:<digest>',
      'mongo.uri is missing',
      'prescale.at is "7 pm"; expected a time of day such as 18:45',
      'inferense is not a field; is it misspelt?',
    ]);
  });

  it('that is not there, or no JSON, is named', () => {
    const folder = mkdtempSync(join(tmpdir(), 'vachan-deployment-'));
    const path = join(folder, 'half.json');
    writeFileSync(path, '{ "environment": ');
    expect(() => readDeployment(path)).toThrow(`The deployment ${path} cannot be read: `);
    rmSync(folder, { recursive: true });
    expect(() => readDeployment(path)).toThrow(/half\.json cannot be read: ENOENT/);
  });

  const cases: [string, Record<string, unknown>, string | RegExp][] = [
    [
      'a size that Fargate does not offer',
      { inference: { memory_mib: 1024 } },
      /^inference\.memory_mib at cpu 2048 expected 4096 to 16384/,
    ],
    [
      'fewer tasks at most than at least',
      { inference: { min_tasks: 50 } },
      /^inference\.min_tasks is 50; expected at most max_tasks/,
    ],
    [
      'more tasks before the run than there may be',
      { prescale: { tasks: 99 } },
      /^prescale\.tasks is 99; expected from min_tasks to max_tasks, 1 to 6/,
    ],
    [
      'a drain that SIGKILL would cut short',
      { settings: { SHUTDOWN_GRACE_SECONDS: '115' } },
      /^settings\.SHUTDOWN_GRACE_SECONDS is 115; expected at most 110/,
    ],
    [
      'recordings that cannot fit a task',
      { settings: { BATCH_SIZE: '1000' } },
      /can fill 399 GiB and Fargate offers 200/,
    ],
    [
      'audio hosts that the network does not let through',
      { settings: { AUDIO_ALLOWED_HOSTS: 'cdn.example.org' } },
      /network\.audio_cidrs has to say where they are/,
    ],
    [
      'a setting that does not exist',
      { settings: { BATCHSIZE: '1' } },
      /^settings\.BATCHSIZE is not a setting of the worker/,
    ],
    [
      'a setting with a value that the worker would refuse',
      { settings: { BATCH_SIZE: 'many' } },
      /^settings: BATCH_SIZE is "many"; it takes a whole number from 1 to 1000/,
    ],
    [
      'a setting that the stack makes',
      { settings: { SQS_QUEUE_URL: 'https://q' } },
      'settings.SQS_QUEUE_URL is set by the stack; leave it out',
    ],
    [
      'a secret setting in plain text',
      { secret_settings: { LOG_LEVEL: { arn: secretArn('x') } } },
      'secret_settings.LOG_LEVEL is no secret; it belongs into settings',
    ],
    [
      'half a client certificate',
      { temporal: { api_key: undefined, client_cert: { arn: secretArn('cert') } } },
      /client_cert and temporal\.client_key belong together/,
    ],
    [
      'a secret of another region',
      { mongo: { uri: { arn: secretArn('mongo', 'us-east-1') } } },
      'mongo.uri.arn is in us-east-1; expected ap-south-1, where the tasks run',
    ],
    [
      'a secret without the end of its ARN',
      { mongo: { uri: { arn: 'arn:aws:secretsmanager:ap-south-1:123456789012:secret:mongo' } } },
      /with the six characters at its end$/,
    ],
    [
      'a database that nothing says how to reach',
      { mongo: { security_group_id: undefined } },
      /^mongo takes either security_group_id or cidrs/,
    ],
    [
      'a zone without a subnet',
      { network: { availability_zones: ['a', 'b', 'c'] } },
      /has 2 subnets; expected one for each of the 3/,
    ],
    [
      'a time zone that nobody knows',
      { prescale: { time_zone: 'India/Pune' } },
      'prescale.time_zone is "India/Pune"; expected a time zone such as Asia/Kolkata',
    ],
  ];
  it.each(cases)('is refused with %s', (_what, changes, expected) => {
    expect(problems(changes)).toContainEqual(
      typeof expected === 'string' ? expected : expect.stringMatching(expected),
    );
  });

  it('can say nothing that infra/README.md does not explain', () => {
    const readme = readFileSync(join(root, 'infra', 'README.md'), 'utf8');
    const fields = fieldsOf(z.toJSONSchema(deploymentSchema, { io: 'input', unrepresentable: 'any' }));
    expect(fields).toContain('backlog_per_task');
    const unexplained = fields.filter((name) => !new RegExp(`(?<![a-z_])${name}(?![a-z_])`).test(readme));
    expect(unexplained).toEqual([]);
  });

  it('never repeats a value that was meant to be secret', () => {
    const uri = 'mongodb://user:hunter2@db';
    expect(problems({ settings: { MONGO_URI: uri } })).toEqual([
      'settings.MONGO_URI is set by the stack; leave it out',
    ]);
    expect(problems({ mongo: { uri: { arn: uri } } }).join()).toMatch(/^mongo\.uri\.arn is \(not shown/);
  });
});

describe('sizes', () => {
  it.each([
    [256, 1024],
    [1024, 3072],
    [4096, 30_720],
    [16_384, 122_880],
  ])('that Fargate offers are taken: %i units with %i MiB', (cpu, memory) => {
    expect(wrongFargateSize(cpu, memory)).toBeUndefined();
  });

  it.each([
    [256, 1536, 'memory_mib at cpu 256 expected 512, 1024 or 2048, got 1536'],
    [8192, 17_408, 'memory_mib at cpu 8192 expected 16384 to 61440 in steps of 4096, got 17408'],
    [3000, 8192, 'cpu expected one of 256, 512, 1024, 2048, 4096, 8192, 16384, got 3000'],
  ])(
    'that it does not are answered with those that it does: %i units with %i MiB',
    (cpu, memory, message) => {
      expect(wrongFargateSize(cpu, memory)).toBe(message);
    },
  );

  it('of scratch hold every recording at once, each as long as it may be', () => {
    const MiB = 2 ** 20;
    expect(scratchGib({ BATCH_SIZE: 100, MAX_CONCURRENCY: 4, AUDIO_MAX_BYTES: 100 * MiB })).toBe(40 + 8);
    expect(scratchGib({ BATCH_SIZE: 10, MAX_CONCURRENCY: 1, AUDIO_MAX_BYTES: MiB })).toBe(21);
  });
});
