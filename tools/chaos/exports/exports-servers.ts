import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { awsRegion, FAKE_AWS_CREDENTIALS, startAws, type AwsEndpoints } from '../../stack/aws.js';
import { startExportsStore } from '../../stack/exports.js';
import type { Environment } from '../../stack/folders.js';
import { startTogether } from '../../stack/start-together.js';
import { startTemporal, type TemporalEndpoints } from '../../stack/temporal-server.js';
import type { PartOptions, StackPart } from '../../stack/stack-part.js';
import { findVersityGateway, startVersityGateway } from '../../stack/versity-gateway.js';
import { openHttpProxy, type HttpProxy } from '../http-proxy.js';
import { openLink, type Link } from '../link.js';
import { readAwsCall } from './aws-call.js';

export const SERVER_LINKS = ['temporal', 'sqs', 's3', 'dynamodb'] as const;
export type ServerLink = (typeof SERVER_LINKS)[number];

/** The embedded servers that exports need, each behind a link; Temporal can be killed and started again on its data. */
export interface ExportsServers {
  /** As the harness reaches them: directly, and where they are now. */
  endpoints(): { temporal: TemporalEndpoints; aws: AwsEndpoints; store: { endpointUrl: string } };
  readonly links: Readonly<Record<ServerLink, Link>>;
  /** SIGKILL, then a new process on the same data. */
  killAndRestart(server: 'temporal', downMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** `versitygw` holds objects against the CRC-32 of the whole, and refuses small parts, as S3 does. */
export const S3_KINDS = ['ministack', 'versitygw'] as const;
export type S3Kind = (typeof S3_KINDS)[number];

/**
 * Starts servers of our own, whatever the environment names: chaos must not reach somebody else's.
 *
 * @throws Error where versitygw is wanted and cannot be had
 */
export async function startExportsServers(
  folder: string,
  inherited: Environment,
  s3: S3Kind = 'ministack',
): Promise<ExportsServers> {
  const environment = Object.fromEntries(
    Object.entries(inherited).filter(([name]) => !/^(AWS_|TEMPORAL_)/.test(name)),
  );
  const part = { folder, environment, log: () => undefined };
  const { parts, stop } = await startTogether({
    temporal: () => startTemporal(part),
    aws: () => startAws(part),
    store: () => startExportsStore(part),
    objects: s3 === 'versitygw' ? () => startObjects(part) : undefined,
  });
  const { aws } = parts;
  let { temporal } = parts;
  const storePort = portOf(parts.store.endpoints.endpointUrl);
  const s3Port = parts.objects === undefined ? storePort : portOf(parts.objects.endpoints.endpointUrl);
  const router = s3Port === storePort ? undefined : await openRouter({ s3: s3Port, others: storePort });
  const store = { endpointUrl: `http://127.0.0.1:${router?.port ?? storePort}` };
  const links = {
    temporal: await openLink(portOf(`tcp://${temporal.endpoints.address}`)),
    sqs: await openLink(portOf(aws.endpoints.endpointUrl)),
    s3: await openLink(s3Port),
    dynamodb: await openLink(storePort),
  };
  return {
    endpoints: () => ({ temporal: temporal.endpoints, aws: aws.endpoints, store }),
    links,
    async killAndRestart(_, downMs) {
      if (temporal.groupId === undefined) throw new Error('Temporal is not ours to kill');
      links.temporal.cut();
      process.kill(-temporal.groupId, 'SIGKILL');
      await temporal.stop();
      await new Promise((resolve) => setTimeout(resolve, downMs));
      temporal = await startTemporal(part);
      links.temporal.leadTo(portOf(`tcp://${temporal.endpoints.address}`));
      links.temporal.heal();
    },
    async stop() {
      await Promise.all(Object.values(links).map((link) => link.close()));
      await Promise.all([temporal.stop(), stop(), router?.close()]);
    },
  };
}

async function startObjects({
  folder,
  environment,
}: PartOptions): Promise<StackPart<{ endpointUrl: string }>> {
  const found = findVersityGateway(environment);
  if (found.path === undefined) throw new Error(`versitygw cannot be had: ${found.why}`);
  const own = join(folder, 'versitygw');
  mkdirSync(own, { recursive: true });
  const connection = { region: awsRegion(environment), ...FAKE_AWS_CREDENTIALS };
  const { endpointUrl, stop } = await startVersityGateway({
    ...{ path: found.path, environment, folder: own, connection },
  });
  return { how: 'versitygw', endpoints: { endpointUrl }, stop };
}

/** One address for S3 and DynamoDB, as AWS's clients are told it, where they are two servers. */
function openRouter({ s3, others }: { s3: number; others: number }): Promise<HttpProxy> {
  return openHttpProxy({ portOf: (request) => (readAwsCall(request).service === 's3' ? s3 : others) });
}

const portOf = (address: string): number => Number(new URL(address).port);
