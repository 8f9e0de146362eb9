import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { Deployment } from '../../deployment/deployment.js';
import type { ExportsDeployment } from '../../deployment/exports.js';
import { createWorkersGroup, reachTheRest, type Network, type Place } from '../network.js';

const HTTPS = ec2.Port.tcp(443);

/** The same subnets as recordings', and a security group of its own: no database but DynamoDB, and the Export API. */
export function createExportsNetwork(
  scope: Construct,
  deployment: Deployment,
  part: ExportsDeployment,
  { vpc, subnets }: Place,
): Network {
  const workers = createWorkersGroup(scope, vpc, deployment, 'Vachan exports');
  workers.addEgressRule(
    ec2.Peer.prefixList(part.dynamodb_prefix_list_id),
    HTTPS,
    'DynamoDB, by its gateway endpoint',
  );
  for (const cidr of part.api_cidrs)
    workers.addEgressRule(ec2.Peer.ipv4(cidr), HTTPS, 'The Export API and its downloads');
  for (const cidr of part.receiver_cidrs)
    workers.addEgressRule(ec2.Peer.ipv4(cidr), HTTPS, 'The receiver of webhooks');
  reachTheRest(workers, deployment);
  if (part.create_dynamodb_endpoint) {
    new ec2.GatewayVpcEndpoint(scope, 'Endpoint-dynamodb', {
      vpc,
      service: ec2.GatewayVpcEndpointAwsService.DYNAMODB,
      subnets: [subnets],
    });
  }
  return { vpc, subnets, workers };
}
