import { Match } from 'aws-cdk-lib/assertions';
import { checkDeployment } from '../../infra/deployment/read-deployment.js';
import { deployment, secretArn } from './deployments.js';
import { propertiesOf, synthesize, type Synthesized } from './synthesize.js';

const DAY_SECONDS = 24 * 3600;
const SMALLEST = {
  bucket_names: ['interviews-of-somebody'],
  mongo: { uri: { arn: secretArn('interviews-mongo') }, port: 27017, cidrs: ['10.20.30.0/24'] },
  id_key: { arn: secretArn('interview-id-key') },
};
const plain = synthesize({ interviews: SMALLEST });
const full = synthesize({
  interviews: {
    ...SMALLEST,
    kms_key_arns: ['arn:aws:kms:ap-south-1:123456789012:key/media'],
    events_from_buckets: false,
    receiver_cidrs: ['203.0.113.0/24'],
    series_bucket_name: 'series-of-somebody',
    worker: { cpu: 4096, memory_mib: 8192, min_tasks: 0, max_tasks: 40, on_demand_tasks: 2 },
    settings: { MAX_CONCURRENT_JOBS: '4' },
    secret_settings: {
      WEBHOOK_URL: { arn: secretArn('webhook'), field: 'url' },
      WEBHOOK_SECRET: { arn: secretArn('webhook'), field: 'secret' },
    },
  },
});
const recordings = synthesize();

/** The container of one of interviews' services, and its task. */
function container(from: Synthesized, mode: string): Record<string, unknown> {
  const Environment = Match.arrayWith([
    { Name: 'PIPELINES', Value: 'interviews' },
    { Name: 'SERVICE_MODE', Value: mode },
  ]);
  const task = propertiesOf(from.template, 'AWS::ECS::TaskDefinition', {
    ContainerDefinitions: [Match.objectLike({ Environment })],
  });
  return { ...(task['ContainerDefinitions'] as [Record<string, unknown>])[0], Task: task };
}

const named = (from: Synthesized, mode: string, list: 'Environment' | 'Secrets'): Record<string, unknown> =>
  Object.fromEntries(
    (container(from, mode)[list] as { Name: string; Value?: unknown; ValueFrom?: unknown }[]).map(
      ({ Name, Value, ValueFrom }) => [Name, Value ?? ValueFrom],
    ),
  );

function statementsOf(from: Synthesized, description: RegExp): { Sid: string; Action: string | string[] }[] {
  const roles = Object.values(from.template.findResources('AWS::IAM::Role')) as {
    Properties: { Description?: string; Policies?: [{ PolicyDocument: { Statement: [] } }] };
  }[];
  const found = roles.filter(({ Properties }) => description.test(Properties.Description ?? ''));
  expect(found).toHaveLength(1);
  return found[0]!.Properties.Policies![0].PolicyDocument.Statement;
}

describe('interviews in a deployment', () => {
  it('leave everything of recordings as it is without them', () => {
    const { Resources: alone } = recordings.template.toJSON() as { Resources: Record<string, unknown> };
    const { Resources: both } = plain.template.toJSON() as { Resources: Record<string, unknown> };
    // Access logs let one more bucket in, and the key lets S3 tell of recordings.
    for (const [id, resource] of Object.entries(alone).filter(([id]) => !/^(AccessLogsPolicy|Key)/.test(id)))
      expect({ [id]: both[id] }).toEqual({ [id]: resource });
    expect(Object.keys(both).filter((id) => !(id in alone) && !id.startsWith('Interviews'))).toEqual([]);
  });

  it('can be all that a deployment has', () => {
    const without = { mongo: undefined, recordings: undefined, inference: undefined, prescale: undefined };
    const { template, stack } = synthesize({ ...without, settings: undefined, interviews: SMALLEST });
    expect(stack.templateOptions.description).toBe('Vachan: measures recordings of interviews');
    expect(JSON.stringify(template.toJSON())).not.toMatch(/SQS_QUEUE_URL|AUDIO_/);
  });

  const wrong: [string, Record<string, unknown>, RegExp][] = [
    ['a bucket', { bucket_names: [] }, /interviews\.bucket_names is \[\]; expected a bucket with recordings/],
    ['a key of ids', { id_key: undefined }, /interviews\.id_key is missing/],
    [
      'one way to its database',
      { mongo: { ...SMALLEST.mongo, security_group_id: 'sg-0123456789abcdef0' } },
      /interviews\.mongo takes either security_group_id or cidrs/,
    ],
    [
      'a size of Fargate',
      { worker: { cpu: 2048, memory_mib: 1024 } },
      /interviews\.worker\.memory_mib at cpu 2048/,
    ],
    [
      'a place for its receiver',
      { secret_settings: { WEBHOOK_URL: { arn: secretArn('webhook') } } },
      /receiver_cidrs has to say where it is/,
    ],
    [
      'settings that it may set',
      { settings: { INTERVIEW_BUCKETS: 'x' } },
      /is set by the stack; leave it out/,
    ],
    [
      'its key as a secret',
      { settings: { HTTP_API_TOKEN: 'hunter2' } },
      /HTTP_API_TOKEN is a secret; put it in Secrets Manager/,
    ],
  ];
  it.each(wrong)('need %s, and say so', (_what, changes, expected) => {
    const check = (): unknown =>
      checkDeployment(deployment({ interviews: { ...SMALLEST, ...changes } }), 'test.json');
    expect(check).toThrow(expected);
    expect(check).not.toThrow(/hunter2/);
  });
});

describe('the queue of interviews', () => {
  it('keeps messages for fourteen days, and wakes people when nobody takes them', () => {
    plain.template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'vachan-production-interview-jobs',
      MessageRetentionPeriod: 14 * DAY_SECONDS,
      RedrivePolicy: { maxReceiveCount: 10 },
    });
    const alarms = Object.entries(plain.template.findResources('AWS::CloudWatch::Alarm')).filter(([id]) =>
      id.startsWith('InterviewsAlarm'),
    );
    expect(alarms).toHaveLength(4);
  });

  it('lets the buckets of recordings tell of new objects, by its key, and no other bucket', () => {
    const conditions = {
      StringEquals: { 'aws:SourceAccount': '123456789012' },
      ArnLike: { 'aws:SourceArn': Match.anyValue() },
    };
    const Statement = Match.arrayWith([
      Match.objectLike({
        Sid: 'EventsOfInterviews',
        Principal: { Service: 's3.amazonaws.com' },
        Condition: conditions,
      }),
    ]);
    plain.template.hasResourceProperties('AWS::SQS::QueuePolicy', { PolicyDocument: { Statement } });
    plain.template.hasResourceProperties('AWS::KMS::Key', { KeyPolicy: { Statement } });
    expect(JSON.stringify(plain.template.toJSON())).toContain(':s3:::interviews-of-somebody');
    expect(JSON.stringify(full.template.toJSON())).not.toContain('EventsOfInterviews');
  });
});

describe('services of interviews', () => {
  it('are orchestrators on demand and workers on Spot, with their own database and secrets', () => {
    plain.template.hasResourceProperties('AWS::ECS::Service', {
      TaskDefinition: { Ref: Match.stringLikeRegexp('^InterviewsOrchestratorTask') },
      DesiredCount: 2,
      CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }],
    });
    plain.template.hasResourceProperties('AWS::ECS::Service', {
      TaskDefinition: { Ref: Match.stringLikeRegexp('^InterviewsWorkerTask') },
      DesiredCount: Match.absent(),
      CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }],
    });
    for (const mode of ['orchestrator', 'worker']) {
      expect(container(plain, mode)).toMatchObject({ User: 'node', ReadonlyRootFilesystem: true });
      expect(named(plain, mode, 'Environment')).toMatchObject({
        INTERVIEW_BUCKETS: 'interviews-of-somebody',
        INTERVIEW_SERIES_PREFIX: 's3://vachan-production-interviews-123456789012-ap-south-1/series',
        MONGO_DB_NAME: 'vachan',
      });
      const secrets = named(plain, mode, 'Secrets');
      expect(JSON.stringify(secrets['MONGO_URI'])).toContain('interviews-mongo');
      expect(JSON.stringify(secrets['INTERVIEW_ID_KEY'])).toContain('interview-id-key');
    }
    expect(named(full, 'worker', 'Environment')).toMatchObject({
      MAX_CONCURRENT_JOBS: '4',
      INTERVIEW_SERIES_PREFIX: 's3://series-of-somebody/series',
    });
    expect(named(full, 'worker', 'Secrets')).toHaveProperty('WEBHOOK_SECRET');
  });

  it('reach their database, the receiver, S3 and Temporal, and nothing else', () => {
    const { SecurityGroupEgress: egress } = propertiesOf(full.template, 'AWS::EC2::SecurityGroup', {
      GroupDescription: 'Vachan interviews',
    });
    const toPrefixLists = Object.entries(full.template.findResources('AWS::EC2::SecurityGroupEgress'))
      .filter(([id]) => id.startsWith('Interviews'))
      .map(([, rule]) => rule['Properties'] as { Description: string });
    const rules = [...(egress as { Description: string }[]), ...toPrefixLists];
    expect(rules.map(({ Description }) => Description).sort()).toEqual([
      'AWS services, by their endpoints in the VPC',
      'MongoDB',
      'S3, by its gateway endpoint',
      'Temporal',
      'The receiver of webhooks, and services of the settings',
    ]);
  });

  it('scale on the jobs that are ready for each worker', () => {
    const ready = Object.values(full.template.findResources('AWS::ApplicationAutoScaling::ScalingPolicy'))
      .map((policy) => JSON.stringify(policy['Properties']))
      .filter((policy) => policy.includes('ReadyInterviewJobs'));
    expect(ready).toHaveLength(1);
    expect(ready[0]).toContain('"TargetValue":12');
    expect(ready[0]).toContain('ready / MAX([FILL(running, 0), 1])');
    expect(ready[0]).toContain('vachan-interviews');
  });
});

describe('roles of interviews', () => {
  const actions = (from: Synthesized, role: RegExp): string[] =>
    statementsOf(from, role)
      .flatMap(({ Action }) => Action)
      .sort();

  it('read recordings and write series alone; no person reads what a key of the bucket encrypts', () => {
    for (const role of [/worker of interviews may/, /orchestrator of interviews may/]) {
      const media = statementsOf(plain, role).filter((one) =>
        JSON.stringify(one).includes('interviews-of-somebody'),
      );
      expect(media.flatMap(({ Action }) => Action).sort()).toEqual(['s3:GetObject', 's3:ListBucket']);
    }
    expect(actions(plain, /worker of interviews may/)).toContain('s3:PutObject');
    expect(actions(plain, /worker of interviews may/).join()).not.toContain('sqs');
    for (const role of [/worker of interviews may/, /orchestrator of interviews may/])
      expect(statementsOf(full, role).map(({ Sid }) => Sid)).toContain('DecryptMedia');
    const people = Object.entries(full.template.findResources('AWS::IAM::ManagedPolicy')).filter(([id]) =>
      id.startsWith('Interviews'),
    );
    expect(people).toHaveLength(1);
    expect(JSON.stringify(people)).not.toMatch(/key\/media|interviews-of-somebody/);
  });

  it('keep series in a closed bucket without versions, so that what is erased is gone', () => {
    const bucket = propertiesOf(plain.template, 'AWS::S3::Bucket', {
      BucketName: 'vachan-production-interviews-123456789012-ap-south-1',
    });
    expect(bucket).not.toHaveProperty('VersioningConfiguration');
    expect(bucket).toMatchObject({ PublicAccessBlockConfiguration: { BlockPublicAcls: true } });
    expect(JSON.stringify(full.template.findResources('AWS::S3::Bucket'))).not.toContain(
      'vachan-production-interviews',
    );
  });
});
