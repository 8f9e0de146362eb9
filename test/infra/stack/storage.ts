import { Match } from 'aws-cdk-lib/assertions';
import { propertiesOf, type Synthesized } from '../synthesize.js';

const FOURTEEN_DAYS_SECONDS = 14 * 24 * 3600;

/** Queues with their dead-letter messages, the bucket of results, the logs: kept, encrypted, closed. */
export function checksOfStorage({ template }: Synthesized, full: Synthesized): void {
  it('keep messages for fourteen days, encrypted with the own key', () => {
    template.resourceCountIs('AWS::SQS::Queue', 2);
    template.allResourcesProperties('AWS::SQS::Queue', {
      MessageRetentionPeriod: FOURTEEN_DAYS_SECONDS,
      KmsMasterKeyId: Match.objectLike({ 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] }),
    });
  });

  it('send what fails ten times to the dead-letter queue, since a lost Spot host costs a delivery, and hide what is in progress as long as the worker thinks', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'vachan-production-recordings',
      VisibilityTimeout: 120,
      ReceiveMessageWaitTimeSeconds: 20,
      RedrivePolicy: {
        maxReceiveCount: 10,
        deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('DeadLetters'), 'Arn'] },
      },
    });
    full.template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'vachan-production-recordings.fifo',
      VisibilityTimeout: 300,
    });
  });

  it('have dead-letter messages for each further queue, in order where the deployment says FIFO', () => {
    const queues = full.template.findResources('AWS::SQS::Queue');
    const names = Object.values(queues).map(
      (queue) => (queue['Properties'] as { QueueName: string }).QueueName,
    );
    expect(names.sort()).toEqual([
      'vachan-production-recordings-dead-letters.fifo',
      'vachan-production-recordings.fifo',
      'vachan-production-reruns-dead-letters.fifo',
      'vachan-production-reruns.fifo',
    ]);
    full.template.allResourcesProperties('AWS::SQS::Queue', { FifoQueue: true });
  });

  it('refuse whoever comes without TLS', () => {
    const refusal = { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    for (const type of ['AWS::SQS::QueuePolicy', 'AWS::S3::BucketPolicy', 'AWS::SNS::TopicPolicy']) {
      template.allResourcesProperties(type, {
        PolicyDocument: { Statement: Match.arrayWith([Match.objectLike(refusal)]) },
      });
    }
  });

  it('keep the CSV closed, encrypted, in versions, and as long as the deployment says', () => {
    const results = propertiesOf(template, 'AWS::S3::Bucket', {
      BucketName: 'vachan-production-results-123456789012-ap-south-1',
    });
    expect(results).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      LoggingConfiguration: { LogFilePrefix: 'results/' },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
        ],
      },
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 400, Status: 'Enabled' }] },
    });
    template.allResourcesProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });

  it('keep logs for a month, encrypted; CloudWatch Logs may use the key for these groups only', () => {
    const groups = Object.values(template.findResources('AWS::Logs::LogGroup')).map(
      (group) => group['Properties'] as { LogGroupName: string },
    );
    expect(groups.map(({ LogGroupName }) => LogGroupName).sort()).toEqual([
      '/aws/events/vachan-production-task-failures',
      '/vachan/production/inference',
      '/vachan/production/orchestrator',
    ]);
    template.allResourcesProperties('AWS::Logs::LogGroup', {
      RetentionInDays: 30,
      KmsKeyId: Match.anyValue(),
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: 'logs.ap-south-1.amazonaws.com' },
            Condition: {
              ArnLike: {
                'kms:EncryptionContext:aws:logs:arn': Match.arrayWith([
                  'arn:aws:logs:ap-south-1:123456789012:log-group:/vachan/production/*',
                ]),
              },
            },
          }),
        ]),
      },
    });
  });

  it('stay when the stack is deleted', () => {
    for (const type of ['AWS::SQS::Queue', 'AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::Logs::LogGroup']) {
      template.allResources(type, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    }
  });
}
