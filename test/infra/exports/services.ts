import { Match } from 'aws-cdk-lib/assertions';
import { propertiesOf, type Synthesized } from '../synthesize.js';
import { container } from './look-up.js';

/** Two services of exports: what runs, where, and how many of it. */
export function checksOfExportsServices(plain: Synthesized, full: Synthesized): void {
  it('are orchestrators of half a vCPU that may use 512 MiB, two of them, on demand', () => {
    expect(container(plain, 'orchestrator')).toMatchObject({
      Memory: 512,
      Task: { Cpu: '512', Memory: '1024' },
    });
    plain.template.hasResourceProperties('AWS::ECS::Service', {
      TaskDefinition: { Ref: Match.stringLikeRegexp('^ExportsOrchestratorTask') },
      DesiredCount: 2,
      CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }],
    });
  });

  it('are workers of two vCPU on Spot, as many as the scaling wants', () => {
    const { Task: task, ...worker } = container(plain, 'worker');
    expect(task).toMatchObject({ Cpu: '2048', Memory: '4096' });
    expect(worker).not.toHaveProperty('Memory');
    plain.template.hasResourceProperties('AWS::ECS::Service', {
      TaskDefinition: { Ref: Match.stringLikeRegexp('^ExportsWorkerTask') },
      DesiredCount: Match.absent(),
      CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }],
    });
  });

  it('have no privileges and no address of MongoDB', () => {
    for (const mode of ['orchestrator', 'worker']) {
      expect(container(plain, mode)).toMatchObject({
        User: 'node',
        ReadonlyRootFilesystem: true,
        StopTimeout: 120,
      });
      expect(JSON.stringify(container(plain, mode))).not.toMatch(/MONGO|AUDIO/);
    }
  });

  it('reach the Export API, DynamoDB, S3 and Temporal, and no database of recordings', () => {
    const { SecurityGroupEgress: egress } = propertiesOf(plain.template, 'AWS::EC2::SecurityGroup', {
      GroupDescription: 'Vachan exports',
    });
    const toPrefixLists = Object.entries(plain.template.findResources('AWS::EC2::SecurityGroupEgress'))
      .filter(([id]) => id.startsWith('Exports'))
      .map(([, rule]) => rule['Properties'] as { Description: string });
    const rules = [...(egress as { Description: string }[]), ...toPrefixLists];
    expect(rules.map(({ Description }) => Description).sort()).toEqual([
      'AWS services, by their endpoints in the VPC',
      'DynamoDB, by its gateway endpoint',
      'S3, by its gateway endpoint',
      'Temporal',
      'The Export API and its downloads',
    ]);
  });

  it('scale on what waits for each worker, held-back tasks counted in, and on CPU', () => {
    const policies = Object.values(
      full.template.findResources('AWS::ApplicationAutoScaling::ScalingPolicy'),
    ).map((policy) => JSON.stringify(policy['Properties']));
    const waiting = policies.filter((policy) => policy.includes('UndispatchedTasks'));
    expect(waiting).toHaveLength(1);
    expect(JSON.parse(waiting[0]!)).toMatchObject({
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 16,
        CustomizedMetricSpecification: {
          Metrics: expect.arrayContaining([
            expect.objectContaining({
              Expression:
                '(FILL(waiting0, 0) + FILL(waiting1, 0) + FILL(waiting2, 0) + FILL(undispatched, 0)) / MAX([FILL(running, 0), 1])',
              ReturnData: true,
            }),
          ]) as unknown,
        },
      },
    });
    expect(policies.filter((policy) => policy.includes('ECSServiceAverageCPUUtilization'))).toHaveLength(1);
    full.template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      MinCapacity: 0,
      MaxCapacity: 40,
    });
  });
}
