import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { Deployment } from '../../deployment/deployment.js';
import type { InterviewsDeployment } from '../../deployment/interviews.js';
import { createWorkersGroup, reachDatabase, reachTheRest, type Network, type Place } from '../network.js';

const HTTPS = ec2.Port.tcp(443);

/** The same subnets as the others', and a security group of its own: its database, and who is told. */
export function createInterviewsNetwork(
  scope: Construct,
  deployment: Deployment,
  part: InterviewsDeployment,
  { vpc, subnets }: Place,
): Network {
  const workers = createWorkersGroup(scope, vpc, deployment, 'Vachan interviews');
  reachDatabase(scope, workers, 'MongoDB', part.mongo);
  for (const cidr of part.receiver_cidrs)
    workers.addEgressRule(
      ec2.Peer.ipv4(cidr),
      HTTPS,
      'The receiver of webhooks, and services of the settings',
    );
  reachTheRest(workers, deployment);
  return { vpc, subnets, workers };
}
