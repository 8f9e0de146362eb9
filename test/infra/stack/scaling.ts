import { Match } from 'aws-cdk-lib/assertions';
import { propertiesOf, type Synthesized } from '../synthesize.js';

/** How many inference tasks there are, and when. */
export function checksOfScaling({ template }: Synthesized, full: Synthesized): void {
  const target = (from: Synthesized): Record<string, unknown> =>
    propertiesOf(from.template, 'AWS::ApplicationAutoScaling::ScalableTarget');

  it('follows the metric that orchestrators publish, under the name that they give it', () => {
    const policy = (taskQueue: string): object => ({
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        CustomizedMetricSpecification: {
          Namespace: 'Vachan',
          MetricName: 'BacklogPerTask',
          Dimensions: [{ Name: 'TaskQueue', Value: taskQueue }],
          Statistic: 'Average',
        },
        TargetValue: 15_000,
        ScaleOutCooldown: 60,
        ScaleInCooldown: 300,
        DisableScaleIn: Match.absent(),
      },
    });
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', policy('vachan'));
    full.template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', policy('pune'));
  });

  it('stays between the deployment’s bounds, down to none', () => {
    expect(target({ template } as Synthesized)).toMatchObject({ MinCapacity: 1, MaxCapacity: 6 });
    expect(target(full)).toMatchObject({ MinCapacity: 0, MaxCapacity: 6 });
  });

  it('has tasks up before the run begins where the children are, and leaves them to the backlog afterwards', () => {
    expect(target({ template } as Synthesized)['ScheduledActions']).toEqual([
      {
        ScheduledActionName: 'BeforeTheNight',
        Schedule: 'cron(45 18 * * ? *)',
        Timezone: 'Asia/Kolkata',
        ScalableTargetAction: { MinCapacity: 3, MaxCapacity: 6 },
      },
      {
        ScheduledActionName: 'NightIsUnderWay',
        Schedule: 'cron(30 19 * * ? *)',
        Timezone: 'Asia/Kolkata',
        ScalableTargetAction: { MinCapacity: 1, MaxCapacity: 6 },
      },
    ]);
  });
}
