import { Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { Deployment } from '../deployment/deployment.js';

/** The one image of both services, as it is in ECR; nothing is built here. */
export function workerImage(
  scope: Construct,
  { image, account, region }: Deployment,
): { image: ecs.ContainerImage; repository: ecr.IRepository } {
  const repository = ecr.Repository.fromRepositoryAttributes(scope, 'Repository', {
    repositoryName: image.repository_name,
    repositoryArn: Stack.of(scope).formatArn({
      service: 'ecr',
      account: image.repository_account ?? account,
      region,
      resource: 'repository',
      resourceName: image.repository_name,
    }),
  });
  return { repository, image: ecs.ContainerImage.fromEcrRepository(repository, image.tag) };
}
