import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { root } from '../deployments.js';
import { propertiesOf, type Synthesized } from '../synthesize.js';

interface Container {
  Environment: { Name: string; Value: unknown }[];
  HealthCheck: { Command: string[] };
}

/** Two services from one image: what runs, with which rights, and how a version takes over. */
export function checksOfServices(plain: Synthesized, full: Synthesized): void {
  const { template } = plain;
  const task = (from: Synthesized, mode: string): Record<string, unknown> =>
    propertiesOf(from.template, 'AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        Match.objectLike({ Environment: Match.arrayWith([{ Name: 'SERVICE_MODE', Value: mode }]) }),
      ],
    });
  const container = (from: Synthesized, mode: string): Container =>
    (task(from, mode)['ContainerDefinitions'] as [Container])[0];
  const environment = (from: Synthesized, mode: string): Record<string, unknown> =>
    Object.fromEntries(container(from, mode).Environment.map(({ Name, Value }) => [Name, Value]));

  it('are two, of one image that is named by a tag that never moves', () => {
    template.resourceCountIs('AWS::ECS::Service', 2);
    template.allResourcesProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        Match.objectLike({
          Image: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('/vachan:0\\.1\\.0$')])] },
        }),
      ],
      RuntimePlatform: { CpuArchitecture: 'X86_64', OperatingSystemFamily: 'LINUX' },
    });
  });

  it('have no privileges: not root, no capability, nothing writable but the scratch volume', () => {
    template.allResourcesProperties('AWS::ECS::TaskDefinition', {
      Volumes: [{ Name: 'scratch' }],
      ContainerDefinitions: [
        Match.objectLike({
          User: 'node',
          Privileged: false,
          ReadonlyRootFilesystem: true,
          LinuxParameters: { Capabilities: { Drop: ['ALL'] } },
          MountPoints: [{ ContainerPath: '/scratch', SourceVolume: 'scratch', ReadOnly: false }],
        }),
      ],
    });
    template.allResourcesProperties('AWS::ECS::Service', { EnableExecuteCommand: false });
  });

  it('write where the image has a volume that belongs to its user, so that the mount keeps the owner', () => {
    const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
    expect(dockerfile).toMatch(/^RUN install -d -o node -g node .*\/scratch/m);
    expect(dockerfile).toMatch(/^VOLUME \[.*"\/scratch"/m);
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(environment(plain, 'inference')).toMatchObject({ SCRATCH_PATH: '/scratch', TMPDIR: '/scratch' });
  });

  it('are asked for their health on the worker’s port, with the Dockerfile’s own command', () => {
    const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
    const command = /HEALTHCHECK[^\n]*\\\n\s*CMD (\[.*\])/.exec(dockerfile)?.[1] ?? '[]';
    for (const mode of ['orchestrator', 'inference']) {
      expect(container(plain, mode).HealthCheck.Command).toEqual([
        'CMD',
        ...(JSON.parse(command) as string[]),
      ]);
      expect(environment(plain, mode)).toMatchObject({ HEALTH_HOST: '0.0.0.0', HEALTH_PORT: '8080' });
    }
  });

  it('may drain until ten seconds before SIGKILL, which comes as late as Fargate and Spot allow', () => {
    template.allResourcesProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike({ StopTimeout: 120 })],
    });
    expect(environment(plain, 'inference')['SHUTDOWN_GRACE_SECONDS']).toBe('110');
    expect(environment(full, 'inference')['SHUTDOWN_GRACE_SECONDS']).toBe('60');
  });

  it('have disk for every recording that they may hold at once, or as much as the deployment says', () => {
    expect(task(plain, 'inference')['EphemeralStorage']).toEqual({ SizeInGiB: 48 });
    expect(task(full, 'inference')['EphemeralStorage']).toEqual({ SizeInGiB: 30 });
    expect(task(plain, 'orchestrator')['EphemeralStorage']).toBeUndefined();
  });

  it('read the queues of the stack, and write CSV into its bucket', () => {
    const inference = environment(full, 'inference');
    expect(inference).toMatchObject({ AUDIO_POOL_SIZE: '2', AUDIO_ALLOWED_BUCKETS: 'first,second' });
    expect(JSON.stringify(inference['SQS_QUEUE_URL'])).toMatch(/Recordings/);
    expect(JSON.stringify(inference['SQS_ALLOWED_QUEUE_URLS'])).toMatch(/reruns/);
    expect(JSON.stringify(inference['CSV_OUTPUT_PATH'])).toMatch(/s3:\/\/.*Results.*\/csv/);
    expect(environment(full, 'orchestrator')).not.toHaveProperty('CSV_OUTPUT_PATH');
  });

  it('log to their own groups, without waiting for the log service', () => {
    for (const mode of ['orchestrator', 'inference']) {
      expect(container(plain, mode)).toMatchObject({
        LogConfiguration: { LogDriver: 'awslogs', Options: { mode: 'non-blocking' } },
      });
    }
  });

  it('put inference on Spot, beyond the tasks that must stay, and orchestrators on demand', () => {
    template.hasResourceProperties('AWS::ECS::Service', {
      CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }],
      DesiredCount: 2,
    });
    template.hasResourceProperties('AWS::ECS::Service', {
      CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }],
      // A deployment leaves the number of tasks to the scaling.
      DesiredCount: Match.absent(),
    });
    full.template.hasResourceProperties('AWS::ECS::Service', {
      CapacityProviderStrategy: [
        { CapacityProvider: 'FARGATE_SPOT', Weight: 1 },
        { CapacityProvider: 'FARGATE', Base: 2, Weight: 0 },
      ],
    });
  });

  it('replace old tasks when new ones are healthy, and take a version back that does not start', () => {
    template.allResourcesProperties('AWS::ECS::Service', {
      DeploymentConfiguration: {
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      },
    });
  });
}
