import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { Deployment } from '../deployment/deployment.js';
import type { Network, Place } from './network.js';

/** One cluster; Container Insights count its tasks for the alarms. */
export function createCluster(scope: Construct, { environment }: Deployment, { vpc }: Place): ecs.ICluster {
  const cluster = new ecs.Cluster(scope, 'Cluster', {
    clusterName: `vachan-${environment}`,
    vpc,
    containerInsightsV2: ecs.ContainerInsights.ENABLED,
    enableFargateCapacityProviders: true,
  });
  // The library's class and interface disagree on undefined under exactOptionalPropertyTypes.
  return cluster as ecs.ICluster;
}

/** Where a service's tasks run, and how a new version takes over. */
function serviceProps(cluster: ecs.ICluster, network: Network) {
  return {
    cluster,
    vpcSubnets: network.subnets,
    securityGroups: [network.workers],
    assignPublicIp: false,
    enableExecuteCommand: false,
    platformVersion: ecs.FargatePlatformVersion.VERSION1_4,
    // New tasks first: none of the old ones is told to drain before a new one is healthy.
    minHealthyPercent: 100,
    maxHealthyPercent: 200,
    // A version that does not start is taken back without anybody being woken.
    circuitBreaker: { enable: true, rollback: true },
    propagateTags: ecs.PropagatedTagSource.SERVICE,
    enableECSManagedTags: true,
  } satisfies Partial<ecs.FargateServiceProps>;
}

/** Workflows, and what starts them: small, and never on Spot, since all work waits for them. */
export function createOrchestratorService(
  scope: Construct,
  tasks: number,
  cluster: ecs.ICluster,
  network: Network,
  taskDefinition: ecs.FargateTaskDefinition,
): ecs.FargateService {
  return new ecs.FargateService(scope, 'Orchestrator', {
    ...serviceProps(cluster, network),
    taskDefinition,
    desiredCount: tasks,
    capacityProviderStrategies: [{ capacityProvider: 'FARGATE', weight: 1 }],
  });
}

/**
 * The work itself, on Spot beyond the tasks that are asked to stay. The number of tasks is the scaling's: a deployment
 * leaves it as it finds it.
 */
export function createSpotService(
  scope: Construct,
  id: string,
  onDemand: number,
  cluster: ecs.ICluster,
  network: Network,
  taskDefinition: ecs.FargateTaskDefinition,
): ecs.FargateService {
  return new ecs.FargateService(scope, id, {
    ...serviceProps(cluster, network),
    taskDefinition,
    capacityProviderStrategies: [
      { capacityProvider: 'FARGATE_SPOT', weight: 1 },
      ...(onDemand > 0 ? [{ capacityProvider: 'FARGATE', base: onDemand, weight: 0 }] : []),
    ],
  });
}
