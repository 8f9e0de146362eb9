import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { Deployment, VpcEndpointName } from '../deployment/deployment.js';
import type { Place } from './network.js';

const INTERFACES: Readonly<Record<Exclude<VpcEndpointName, 's3'>, ec2.InterfaceVpcEndpointAwsService>> = {
  sqs: ec2.InterfaceVpcEndpointAwsService.SQS,
  'ecr.api': ec2.InterfaceVpcEndpointAwsService.ECR,
  'ecr.dkr': ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER,
  logs: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  monitoring: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING,
  secretsmanager: ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
};

/**
 * The endpoints that keep the workers' traffic to AWS inside the VPC.
 *
 * S3 is a gateway: it costs nothing by the gigabyte (the recordings are by far the most traffic), and the worker
 * refuses presigned addresses whose name resolves to a private address, as an interface endpoint's does.
 */
export function createEndpoints(scope: Construct, { network }: Deployment, { vpc, subnets }: Place): void {
  const wanted = new Set(network.create_endpoints);
  if (wanted.delete('s3')) {
    new ec2.GatewayVpcEndpoint(scope, 'Endpoint-s3', {
      vpc,
      service: ec2.GatewayVpcEndpointAwsService.S3,
      subnets: [subnets],
    });
  }
  if (wanted.size === 0) return;

  const group = new ec2.SecurityGroup(scope, 'Endpoints', {
    vpc,
    description: 'Endpoints of AWS services',
    allowAllOutbound: false,
  });
  // A private name serves the whole VPC: whoever else lives there is sent to these endpoints too.
  group.addIngressRule(ec2.Peer.ipv4(network.vpc_cidr), ec2.Port.tcp(443), 'The VPC');
  for (const name of wanted as Set<keyof typeof INTERFACES>) {
    new ec2.InterfaceVpcEndpoint(scope, `Endpoint-${name}`, {
      vpc,
      service: INTERFACES[name],
      subnets,
      securityGroups: [group],
      privateDnsEnabled: true,
      open: false,
    });
  }
}
