import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { RecordingsSettings } from '../../src/pipelines/recordings/settings/index.js';
import type { Deployment, RecordingsDeployment } from '../deployment/deployment.js';
import { WORKER_PORT } from '../deployment/worker-settings.js';

const HTTPS = ec2.Port.tcp(443);

/** Where the tasks run: private subnets of an existing VPC. */
export interface Place {
  vpc: ec2.IVpc;
  subnets: ec2.SubnetSelection;
}

/** The same, and what they may talk to. */
export interface Network extends Place {
  workers: ec2.SecurityGroup;
}

export function findPlace(scope: Construct, { network, region }: Deployment): Place {
  const vpc = ec2.Vpc.fromVpcAttributes(scope, 'Vpc', {
    vpcId: network.vpc_id,
    vpcCidrBlock: network.vpc_cidr,
    availabilityZones: network.availability_zones,
    privateSubnetIds: network.private_subnet_ids,
    privateSubnetRouteTableIds: perSubnet(network.private_route_table_ids, network.private_subnet_ids.length),
    region,
  });
  return { vpc, subnets: { subnets: vpc.privateSubnets } };
}

/** A security group that names everything that recordings' tasks may reach. Nothing but a metrics client may reach them. */
export function createNetwork(
  scope: Construct,
  deployment: RecordingsDeployment,
  configuration: RecordingsSettings,
  { vpc, subnets }: Place,
): Network {
  const { network, mongo, postgres } = deployment;
  const workers = createWorkersGroup(scope, vpc, deployment, 'Vachan workers');
  reachDatabase(scope, workers, 'MongoDB', mongo);
  if (postgres !== undefined) reachDatabase(scope, workers, 'Postgres', postgres);
  if (configuration.AUDIO_ALLOWED_HOSTS.length > 0) {
    for (const cidr of network.audio_cidrs)
      workers.addEgressRule(ec2.Peer.ipv4(cidr), HTTPS, 'Audio hosts outside S3');
  }
  reachTheRest(workers, deployment);
  return { vpc, subnets, workers };
}

/** A security group whose tasks reach AWS and Temporal, which those of every pipeline need, and so far nothing else. */
export function createWorkersGroup(
  scope: Construct,
  vpc: ec2.IVpc,
  deployment: Deployment,
  description: string,
): ec2.SecurityGroup {
  const workers = new ec2.SecurityGroup(scope, 'Workers', { vpc, description, allowAllOutbound: false });
  reachAwsAndTemporal(workers, deployment);
  return workers;
}

function reachAwsAndTemporal(workers: ec2.SecurityGroup, { network, temporal }: Deployment): void {
  workers.addEgressRule(
    ec2.Peer.ipv4(network.vpc_cidr),
    HTTPS,
    'AWS services, by their endpoints in the VPC',
  );
  workers.addEgressRule(ec2.Peer.prefixList(network.s3_prefix_list_id), HTTPS, 'S3, by its gateway endpoint');
  const temporalPort = ec2.Port.tcp(Number(temporal.address.split(':')[1]));
  for (const cidr of temporal.cidrs) workers.addEgressRule(ec2.Peer.ipv4(cidr), temporalPort, 'Temporal');
}

/** What the deployment file names besides, and who may ask tasks for their health and metrics. */
export function reachTheRest(workers: ec2.SecurityGroup, { network }: Deployment): void {
  for (const { what, cidr, port } of network.also_reach)
    workers.addEgressRule(ec2.Peer.ipv4(cidr), ec2.Port.tcp(port), what);
  if (network.metrics_client_security_group_id !== undefined) {
    workers.addIngressRule(
      ec2.Peer.securityGroupId(network.metrics_client_security_group_id),
      ec2.Port.tcp(WORKER_PORT),
      'Health, metrics and the read-only API',
    );
  }
}

/** A database's own security group learns of the workers; address ranges are reached as they are. */
export function reachDatabase(
  scope: Construct,
  workers: ec2.SecurityGroup,
  name: string,
  database: NonNullable<Deployment['mongo'] | Deployment['postgres']>,
): void {
  const ports = ec2.Port.tcpRange(database.port, database.port_to ?? database.port);
  if (database.security_group_id !== undefined) {
    const group = ec2.SecurityGroup.fromSecurityGroupId(scope, `${name}Group`, database.security_group_id, {
      // Its outgoing rules are its owner's.
      allowAllOutbound: true,
    });
    workers.connections.allowTo(group, ports, name);
  }
  for (const cidr of database.cidrs) workers.addEgressRule(ec2.Peer.ipv4(cidr), ports, name);
}

function perSubnet(tables: readonly string[], subnets: number): string[] {
  const [first] = tables;
  return tables.length === 1 && first !== undefined ? Array<string>(subnets).fill(first) : [...tables];
}
