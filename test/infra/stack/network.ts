import { Match } from 'aws-cdk-lib/assertions';
import { VPC_ENDPOINTS } from '../../../infra/deployment/deployment.js';
import { propertiesOf, type Synthesized } from '../synthesize.js';

interface Rule {
  CidrIp: string;
  FromPort: number;
  ToPort: number;
}

/** Private subnets, endpoints, and nothing reachable but what is named. */
export function checksOfNetwork({ template }: Synthesized, full: Synthesized): void {
  const workers = (from: Synthesized): { SecurityGroupEgress: Rule[]; SecurityGroupIngress?: object[] } =>
    propertiesOf(from.template, 'AWS::EC2::SecurityGroup', {
      GroupDescription: 'Vachan workers',
    }) as never;
  const reached = (from: Synthesized): string[] =>
    workers(from).SecurityGroupEgress.map(
      ({ CidrIp, FromPort, ToPort }) => `${CidrIp} ${FromPort}-${ToPort}`,
    );

  it('is an existing one: no VPC, subnet, gateway or address is made', () => {
    for (const type of ['VPC', 'Subnet', 'InternetGateway', 'NatGateway', 'EIP'])
      template.resourceCountIs(`AWS::EC2::${type}`, 0);
  });

  it('gives tasks no public address, in the private subnets', () => {
    template.allResourcesProperties('AWS::ECS::Service', {
      NetworkConfiguration: {
        AwsvpcConfiguration: {
          AssignPublicIp: 'DISABLED',
          Subnets: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
        },
      },
    });
  });

  it('lets workers out to the endpoints and Temporal only, beside S3 and the database', () => {
    expect(reached({ template } as Synthesized)).toEqual(['10.20.0.0/16 443-443', '0.0.0.0/0 7233-7233']);
    template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', {
      DestinationPrefixListId: 'pl-78a54011',
      FromPort: 443,
      ToPort: 443,
    });
    template.resourceCountIs('AWS::EC2::SecurityGroupEgress', 2);
  });

  it('opens the database’s own group to the workers, on its port', () => {
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: 'sg-0123456789abcdef0',
      FromPort: 27_017,
      ToPort: 27_017,
      SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Workers'), 'GroupId'] },
    });
    full.template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: 'sg-0123456789abcdef5',
      FromPort: 5432,
    });
  });

  it('reaches databases by address ranges, a Temporal of one’s own, and audio hosts where the deployment says so', () => {
    expect(reached(full)).toEqual([
      '10.20.0.0/16 443-443',
      '10.20.0.0/16 7234-7234',
      '10.30.0.0/24 1024-65535',
      '203.0.113.0/24 443-443',
      '10.20.5.0/24 4318-4318',
    ]);
  });

  it('lets nobody in, but a metrics client to the worker’s port', () => {
    expect(workers({ template } as Synthesized).SecurityGroupIngress).toBeUndefined();
    expect(workers(full).SecurityGroupIngress).toEqual([
      expect.objectContaining({
        FromPort: 8080,
        ToPort: 8080,
        SourceSecurityGroupId: 'sg-0123456789abcdef9',
      }),
    ]);
  });

  it('has an endpoint for each service that a task talks to, private, with S3’s as a gateway', () => {
    const endpoints = Object.values(template.findResources('AWS::EC2::VPCEndpoint')).map(
      (endpoint) => endpoint['Properties'] as { VpcEndpointType: string; ServiceName: unknown },
    );
    expect(endpoints).toHaveLength(VPC_ENDPOINTS.length);
    const gateways = endpoints.filter(({ VpcEndpointType }) => VpcEndpointType === 'Gateway');
    expect(gateways).toEqual([
      expect.objectContaining({ RouteTableIds: ['rtb-0123456789abcdef0', 'rtb-0123456789abcdef1'] }),
    ]);
    const names = endpoints.map(({ ServiceName }) => JSON.stringify(ServiceName));
    for (const name of VPC_ENDPOINTS)
      expect(names.filter((one) => one.includes(`.${name}"`))).toHaveLength(1);
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      VpcEndpointType: 'Interface',
      PrivateDnsEnabled: true,
    });
  });

  it('serves the whole VPC by endpoints that it makes, since their names become everybody’s', () => {
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Endpoints of AWS services',
      SecurityGroupIngress: [Match.objectLike({ CidrIp: '10.20.0.0/16', FromPort: 443, ToPort: 443 })],
    });
  });

  it('makes no endpoint that the VPC has already', () => {
    full.template.resourceCountIs('AWS::EC2::VPCEndpoint', 1);
  });
}
