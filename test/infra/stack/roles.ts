import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { rolePolicy } from '../../../infra/stack/role-policy.js';
import { root } from '../deployments.js';
import { propertiesOf, type Synthesized } from '../synthesize.js';

interface Statement {
  Sid?: string;
  Action: string | string[];
  Resource: unknown;
}
interface Policy {
  PolicyDocument: { Statement: Statement[] };
}

/** What a stack adds, since it chooses the key and the metric's namespace. */
const OF_THE_STACK: Readonly<Record<string, string[]>> = {
  orchestrator: ['kms:Decrypt', 'kms:GenerateDataKey', 'cloudwatch:PutMetricData'],
  inference: ['kms:Decrypt', 'kms:GenerateDataKey'],
};

const iam = join(root, 'infra', 'iam');

/** What tasks may do, and which secrets they are started with. */
export function checksOfRoles({ template }: Synthesized, full: Synthesized): void {
  const taskPolicy = (from: Template, role: string): Statement[] => {
    const found = propertiesOf(from, 'AWS::IAM::Role', { Description: `What Vachan's ${role} may do` });
    return (found['Policies'] as [Policy])[0].PolicyDocument.Statement;
  };
  const actions = (statements: Statement[]): string[] => statements.flatMap(({ Action }) => Action).sort();

  it.each(['orchestrator', 'inference'])(
    'let the %s do what infra/iam says, what the stack’s own names need, and nothing else',
    (role) => {
      const policy = JSON.parse(readFileSync(join(iam, `${role}.json`), 'utf8')) as {
        Statement: Statement[];
      };
      const given = taskPolicy(template, role);
      expect([...new Set(actions(given))]).toEqual(
        [...new Set([...actions(policy.Statement), ...OF_THE_STACK[role]!])].sort(),
      );
      expect(JSON.stringify(given)).not.toContain('${');
    },
  );

  it('have no action on everything, but CloudWatch’s, which knows no resources', () => {
    for (const role of ['orchestrator', 'inference']) {
      const open = taskPolicy(template, role).filter(({ Resource }) => [Resource].flat().includes('*'));
      expect(actions(open).filter((action) => action !== 'cloudwatch:PutMetricData')).toEqual([]);
    }
    expect(taskPolicy(template, 'orchestrator')).toContainEqual(
      expect.objectContaining({
        Action: 'cloudwatch:PutMetricData',
        Condition: { StringEquals: { 'cloudwatch:namespace': 'Vachan' } },
      }),
    );
  });

  it('let people with the vachan command look after dead-letter messages, by a policy to attach to their role', () => {
    const { PolicyDocument: document } = propertiesOf(
      template,
      'AWS::IAM::ManagedPolicy',
    ) as unknown as Policy;
    const letters = document.Statement.find(({ Sid }) => Sid === 'LookAfterDeadLetters');
    expect(JSON.stringify(letters?.Resource)).toMatch(/RecordingsDeadLetters/);
  });

  it('name every queue and bucket of the deployment', () => {
    const orchestrator = JSON.stringify(taskPolicy(full.template, 'orchestrator'));
    for (const queue of ['Recordings', 'Queuereruns'])
      expect(orchestrator).toMatch(new RegExp(`"${queue}\\w+","Arn"`));
    const inference = JSON.stringify(taskPolicy(full.template, 'inference'));
    for (const bucket of ['first', 'second', 'vachan-production-results-123456789012-ap-south-1'])
      expect(inference).toContain(`:s3:::${bucket}/*`);
    expect(orchestrator).not.toContain(':s3:::');
  });

  it('decrypt recordings only with the keys that the deployment names', () => {
    expect(taskPolicy(full.template, 'inference').find(({ Sid }) => Sid === 'DecryptRecordings')).toEqual({
      Sid: 'DecryptRecordings',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: 'arn:aws:kms:ap-south-1:123456789012:key/2222',
    });
    expect(taskPolicy(template, 'inference').map(({ Sid }) => Sid)).not.toContain('DecryptRecordings');
  });

  it('are refused when infra/iam names something that the stack has not got', () => {
    expect(() => rolePolicy(iam, 'orchestrator', { Queue: [] })).toThrow(
      /orchestrator\.json names \$\{\w+\}; the stack knows Queue$/,
    );
  });

  it('start tasks with secrets by ARN, read by ECS and never by the worker', () => {
    const secrets = (from: Template): [string, string][][] =>
      Object.values(from.findResources('AWS::ECS::TaskDefinition')).map((task) => {
        const { ContainerDefinitions } = task['Properties'] as {
          ContainerDefinitions: [{ Secrets: { Name: string; ValueFrom: string }[] }];
        };
        return ContainerDefinitions[0].Secrets.map(({ Name, ValueFrom }) => [Name, ValueFrom]);
      });
    const prefix = 'arn:aws:secretsmanager:ap-south-1:123456789012:secret:vachan/';
    const [one, other] = secrets(template);
    expect(one).toEqual([
      ['MONGO_URI', `${prefix}mongo-d4E5f6:uri::`],
      ['TEMPORAL_API_KEY', `${prefix}temporal-api-key-a1B2c3`],
    ]);
    expect(other).toEqual(one);
    expect(secrets(full.template)[0]?.map(([name]) => name)).toEqual([
      'MONGO_URI',
      'POSTGRES_DSN',
      'TEMPORAL_TLS_CLIENT_CERT_DATA',
      'TEMPORAL_TLS_CLIENT_KEY_DATA',
    ]);
    for (const role of ['orchestrator', 'inference'])
      expect(actions(taskPolicy(template, role)).join()).not.toContain('secretsmanager');
  });

  it('let ECS read those secrets, their key, the image and the log groups of each service', () => {
    const policies = Object.values(full.template.findResources('AWS::IAM::Policy')).map(
      (policy) => (policy['Properties'] as Policy).PolicyDocument.Statement,
    );
    expect(policies).toHaveLength(2);
    for (const statements of policies) {
      const read = statements.filter(({ Action }) =>
        [Action].flat().includes('secretsmanager:GetSecretValue'),
      );
      expect(read.flatMap(({ Resource }) => Resource)).toHaveLength(4);
      expect(statements.filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => Action)).toEqual([
        'ecr:GetAuthorizationToken',
      ]);
      expect(statements).toContainEqual({
        Sid: 'DecryptSecrets',
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: 'arn:aws:kms:ap-south-1:123456789012:key/1111',
        Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.ap-south-1.amazonaws.com' } },
      });
    }
  });

  it('belong to ECS tasks alone', () => {
    template.allResourcesProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [Match.objectLike({ Principal: { Service: 'ecs-tasks.amazonaws.com' } })],
      },
    });
  });
}
