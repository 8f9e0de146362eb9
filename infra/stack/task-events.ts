import * as events from 'aws-cdk-lib/aws-events';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** Log groups that EventBridge may write to begin so; it insists. */
export const EVENT_LOG_PREFIX = '/aws/events/vachan-';

/**
 * Keeps why tasks ended: those that ended by themselves (a crash, out of memory, a failed health check's successor)
 * and those that could not start. Spot's interruptions, deployments and scaling are not among them.
 *
 * @param logGroup its name begins with {@link EVENT_LOG_PREFIX}
 * @returns the rule; how often it matches is the measure of failures
 */
export function recordTaskFailures(
  scope: Construct,
  cluster: ecs.ICluster,
  logGroup: logs.LogGroup,
): events.Rule {
  new logs.ResourcePolicy(scope, 'TaskFailureLogPolicy', {
    policyStatements: [
      new iam.PolicyStatement({
        principals: [
          new iam.ServicePrincipal('events.amazonaws.com'),
          new iam.ServicePrincipal('delivery.logs.amazonaws.com'),
        ],
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    ],
  });
  const rule = new events.Rule(scope, 'TaskFailures', {
    description: 'Vachan tasks that ended by themselves or could not start',
    eventPattern: {
      source: ['aws.ecs'],
      detailType: ['ECS Task State Change'],
      detail: {
        clusterArn: [cluster.clusterArn],
        lastStatus: ['STOPPED'],
        stopCode: ['EssentialContainerExited', 'TaskFailedToStart'],
      },
    },
  });
  // The library's own target would deploy a function to make the policy above.
  rule.addTarget({ bind: () => ({ arn: logGroup.logGroupArn, targetResource: logGroup }) });
  return rule;
}
