import { checkDeployment } from '../../infra/deployment/read-deployment.js';
import { deployment, secretArn } from './deployments.js';
import { environment, statements } from './exports/look-up.js';
import { checksOfExportsRoles } from './exports/roles.js';
import { checksOfExportsServices } from './exports/services.js';
import { synthesize, type Synthesized } from './synthesize.js';

const DAY_SECONDS = 24 * 3600;
const SMALLEST = { api_cidrs: ['203.0.113.0/24'], dynamodb_prefix_list_id: 'pl-66a7420f' };
const plain = synthesize({ exports: SMALLEST });
const full = synthesize({
  exports: {
    ...SMALLEST,
    bucket_name: 'readings-exports',
    bucket_kms_key_arn: 'arn:aws:kms:ap-south-1:123456789012:key/3333',
    metadata_table_name: 'readings',
    priority_queues: true,
    create_dynamodb_endpoint: false,
    worker: { on_demand_tasks: 2, min_tasks: 0, max_tasks: 40 },
    settings: { SQS_VISIBILITY_TIMEOUT_SECONDS: '300', EXPORT_YIELD_AFTER: '10h' },
  },
  settings: {},
});
const recordings = synthesize();

const names = ({ template }: Synthesized, type: string, field: string): string[] =>
  Object.values(template.findResources(type))
    .map((resource) => (resource['Properties'] as Record<string, string>)[field]!)
    .filter((name) => /export|download/.test(name))
    .sort();

describe('exports in a deployment', () => {
  it('leave everything of recordings as it is without them', () => {
    const { Resources: alone } = recordings.template.toJSON() as { Resources: Record<string, unknown> };
    const { Resources: both } = plain.template.toJSON() as { Resources: Record<string, unknown> };
    // The bucket of access logs lets one more bucket in.
    for (const [id, resource] of Object.entries(alone).filter(([id]) => !id.startsWith('AccessLogsPolicy')))
      expect({ [id]: both[id] }).toEqual({ [id]: resource });
    expect(Object.keys(both).filter((id) => !(id in alone) && !id.startsWith('Exports'))).toEqual([]);
  });

  const ALONE = { mongo: undefined, recordings: undefined, inference: undefined, prescale: undefined };

  it('can be all that a deployment has', () => {
    const { template } = synthesize({ ...ALONE, settings: undefined, exports: SMALLEST });
    const { Resources: alone } = template.toJSON() as { Resources: Record<string, unknown> };
    const { Resources: both } = plain.template.toJSON() as { Resources: Record<string, unknown> };
    const lendsRights = (id: string): boolean => id.startsWith('AccessLogsPolicy');
    for (const [id, resource] of Object.entries(alone).filter(([id]) => !lendsRights(id)))
      expect({ [id]: both[id] }).toEqual({ [id]: resource });
    const left = Object.keys(both).filter((id) => !(id in alone));
    expect(left.filter((id) => id.startsWith('Exports'))).toEqual([]);
    for (const what of [/^Recordings/, /^Results/, /^Inference/, /^Orchestrator/, /^Operator/])
      expect(left.filter((id) => what.test(id))).not.toEqual([]);
    expect(JSON.stringify(alone)).not.toMatch(/MONGO|recordings|AUDIO/i);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['nothing at all', { ...ALONE, settings: undefined }, 'mongo is missing'],
    ['some of recordings', { exports: SMALLEST, inference: undefined }, 'inference is missing'],
    ['settings for nobody', { ...ALONE, exports: SMALLEST }, 'settings is of recordings, which'],
  ])('a deployment that has %s is refused', (_, changes, problem) => {
    expect(() => checkDeployment(deployment(changes), 'test.json')).toThrow(problem);
  });

  const wrong: [string, Record<string, unknown>, RegExp][] = [
    ['a place for the API', { api_cidrs: [] }, /exports\.api_cidrs is \[\]; expected the address ranges/],
    ['folders that are apart', { state_prefix: 'objects/state' }, /exports\.state_prefix is objects\/state/],
    [
      'a size of Fargate',
      { worker: { cpu: 2048, memory_mib: 1024 } },
      /exports\.worker\.memory_mib at cpu 2048/,
    ],
    [
      'a place for its receiver',
      { secret_settings: { WEBHOOK_URL: { arn: secretArn('webhook') } } },
      /exports.*receiver_cidrs has to say where it is/,
    ],
    ['a limit within the task', { orchestrator: { memory_limit_mib: 2048 } }, /memory_limit_mib is 2048/],
    [
      'settings of exports',
      { settings: { BATCH_SIZE: '1' } },
      /exports\.settings\.BATCH_SIZE is not a setting/,
    ],
    ['settings that it may set', { settings: { EXPORT_STATE_PREFIX: 's3://x/y' } }, /is set by the stack/],
    [
      'values that the worker takes',
      { settings: { EXPORT_YIELD_AFTER: 'soon' } },
      /exports\.settings: EXPORT_YIELD_AFTER is "soon"/,
    ],
    [
      'a token as a secret',
      { settings: { EXPORT_API_TOKEN: 'hunter2' } },
      /EXPORT_API_TOKEN is a secret; put it in Secrets Manager/,
    ],
  ];
  it.each(wrong)('need %s, and say so', (_what, changes, expected) => {
    const check = (): unknown =>
      checkDeployment(deployment({ exports: { ...SMALLEST, ...changes } }), 'test.json');
    expect(check).toThrow(expected);
    expect(check).not.toThrow(/hunter2/);
  });
});

describe('queues of exports', () => {
  it('keep messages for fourteen days, and hand what fails ten times to their dead-letter queues', () => {
    expect(names(plain, 'AWS::SQS::Queue', 'QueueName')).toEqual([
      'vachan-production-download-tasks',
      'vachan-production-download-tasks-dead-letters',
      'vachan-production-export-jobs',
      'vachan-production-export-jobs-dead-letters',
    ]);
    plain.template.allResourcesProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 14 * DAY_SECONDS });
    for (const QueueName of ['vachan-production-export-jobs', 'vachan-production-download-tasks'])
      plain.template.hasResourceProperties('AWS::SQS::Queue', {
        QueueName,
        RedrivePolicy: { maxReceiveCount: 10 },
      });
  });

  it('are further ones for priority high and low where the deployment asks for them', () => {
    expect(names(full, 'AWS::SQS::Queue', 'QueueName')).toHaveLength(8);
    expect(environment(full, 'worker')).toHaveProperty('DOWNLOAD_TASKS_QUEUE_URL_HIGH');
    expect(environment(plain, 'worker')).not.toHaveProperty('DOWNLOAD_TASKS_QUEUE_URL_HIGH');
    full.template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'vachan-production-download-tasks-high',
      VisibilityTimeout: 300,
    });
  });

  it('wake people a week before SQS drops a message, and four days before it drops a dead-letter message', () => {
    const thresholds = (suffix: RegExp): number[] =>
      Object.entries(plain.template.findResources('AWS::CloudWatch::Alarm'))
        .filter(([id]) => suffix.test(id))
        .map(([, alarm]) => (alarm['Properties'] as { Threshold: number }).Threshold);
    expect(thresholds(/^ExportsAlarmAge/)).toEqual([7 * DAY_SECONDS, 7 * DAY_SECONDS]);
    expect(thresholds(/^ExportsAlarmDeadLetterAge/)).toEqual([10 * DAY_SECONDS, 10 * DAY_SECONDS]);
  });
});

describe('objects and metadata of exports', () => {
  it('lie in a bucket that ends abandoned uploads after a week and spooled archives after two days', () => {
    plain.template.hasResourceProperties('AWS::S3::Bucket', {
      BucketName: 'vachan-production-exports-123456789012-ap-south-1',
      LifecycleConfiguration: {
        Rules: [
          { Id: 'abandoned-uploads', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
          { Id: 'spool', Prefix: 'state/_spool/', ExpirationInDays: 2 },
        ],
      },
    });
    plain.template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      Properties: {
        TableName: 'vachan-production-export-metadata',
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    });
  });

  it('are taken as given where the deployment names them', () => {
    full.template.resourceCountIs('AWS::DynamoDB::Table', 0);
    expect(names(full, 'AWS::S3::Bucket', 'BucketName')).toEqual([]);
    expect(environment(full, 'worker')).toMatchObject({
      EXPORT_OUTPUT_PREFIX: 's3://readings-exports/objects',
      EXPORT_STATE_PREFIX: 's3://readings-exports/state',
      EXPORT_METADATA_TABLE: 'readings',
    });
    expect(JSON.stringify(statements(full, /worker of exports may/))).toMatch(/table\/readings.*key\/3333/);
  });
});

describe('services of exports', () => checksOfExportsServices(plain, full));
describe('roles of exports', () => checksOfExportsRoles(plain));
