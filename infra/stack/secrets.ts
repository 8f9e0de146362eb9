import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { Deployment, RecordingsDeployment, SecretReference } from '../deployment/deployment.js';

/** Secrets by the environment variable that a task gets them in. */
export type WantedSecrets = Readonly<Record<string, SecretReference | undefined>>;

/** Those by which services of any pipeline are let in to Temporal. */
export const temporalSecrets = ({ temporal }: Deployment): WantedSecrets => ({
  TEMPORAL_API_KEY: temporal.api_key,
  TEMPORAL_TLS_CLIENT_CERT_DATA: temporal.client_cert,
  TEMPORAL_TLS_CLIENT_KEY_DATA: temporal.client_key,
});

/** Those of recordings' services. */
export const recordingsSecrets = (deployment: RecordingsDeployment): WantedSecrets => ({
  MONGO_URI: deployment.mongo.uri,
  POSTGRES_DSN: deployment.postgres?.dsn,
  ...temporalSecrets(deployment),
  ...deployment.secret_settings,
});

/** As a task gets them; ECS reads them when it starts. */
export function workerSecrets(scope: Construct, wanted: WantedSecrets): Record<string, ecs.Secret> {
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
