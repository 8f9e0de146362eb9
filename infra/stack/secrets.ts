import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { Deployment, SecretReference } from '../deployment/deployment.js';

/** Secrets by the environment variable that a task gets them in; ECS reads them when a task starts. */
export function workerSecrets(scope: Construct, deployment: Deployment): Record<string, ecs.Secret> {
  const { temporal, mongo, postgres } = deployment;
  const wanted: Record<string, SecretReference | undefined> = {
    MONGO_URI: mongo.uri,
    POSTGRES_DSN: postgres?.dsn,
    TEMPORAL_API_KEY: temporal.api_key,
    TEMPORAL_TLS_CLIENT_CERT_DATA: temporal.client_cert,
    TEMPORAL_TLS_CLIENT_KEY_DATA: temporal.client_key,
    ...deployment.secret_settings,
  };
  return Object.fromEntries(
    Object.entries(wanted).flatMap(([variable, reference]) => {
      if (reference === undefined) return [];
      const secret = secretsmanager.Secret.fromSecretAttributes(scope, `Secret-${variable}`, {
        secretCompleteArn: reference.arn,
      });
      return [[variable, ecs.Secret.fromSecretsManager(secret, reference.field)]];
    }),
  );
}
