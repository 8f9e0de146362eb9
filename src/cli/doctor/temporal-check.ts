import type { Client } from '@temporalio/client';
import type { KeyRing } from '../../platform/crypto/key-ring.js';
import { ConfigurationError } from '../../platform/errors.js';
import { loadSettings } from '../../platform/config/load-settings.js';
import type { Environment } from '../../platform/config/environment.js';
import { connectClient, temporalAddress } from '../../temporal/connection.js';
import { verifyPayloadKeys } from '../../temporal/encryption/verify-keys.js';
import { listLiveWorkers } from '../../temporal/live-workers.js';
import { HEARTBEATS_SINCE, takesHeartbeats } from '../../temporal/worker-heartbeats.js';
import { explainMistyped } from '../../temporal/ensure-search-attributes.js';
import { searchAttributesOf } from '../../pipelines/index.js';
import type { Pipeline } from '../../pipelines/pipeline.js';
import { ok, problem, warning, type Check, type Finding } from '../../commands/finding.js';
import { BASE_SETTINGS } from '../../platform/config/base-settings.js';
import { pick } from '../../platform/config/settings-table.js';

/** Temporal itself, its namespace, the search attributes, and who works there. */
export function temporalCheck(
  environment: Environment,
  pipelines: readonly Pick<Pipeline, 'taskQueue' | 'roles' | 'searchAttributes'>[],
): Check {
  return {
    name: 'Temporal',
    todo: 'Start the server, or set TEMPORAL_ADDRESS (and TEMPORAL_API_KEY or TLS where it asks for them).',
    run: async () => {
      const settings = loadSettings(
        environment,
        pick(BASE_SETTINGS, 'PAYLOAD_ENCRYPTION_KEYS', 'TASK_QUEUE'),
      );
      const keys = settings.PAYLOAD_ENCRYPTION_KEYS;
      const client = await connectClient(keys);
      try {
        const namespace = await namespaceFinding(client);
        if (namespace.status !== 'ok') return [namespace];
        return [
          namespace,
          await attributesFinding(client, searchAttributesOf(pipelines)),
          await encryptionFinding(
            client,
            pipelines.map(({ taskQueue }) => taskQueue(settings.TASK_QUEUE)),
            keys,
          ),
          ...(await heartbeatFindings(client)),
          ...(await workerFindings(
            client,
            pipelines.flatMap(({ roles }) => roles(settings.TASK_QUEUE)),
          )),
        ];
      } finally {
        await client.connection.close();
      }
    },
  };
}

const GRPC_NOT_FOUND = 5;

async function namespaceFinding({ connection, options }: Client): Promise<Finding> {
  const { namespace } = options;
  try {
    await connection.workflowService.describeNamespace({ namespace });
  } catch (error) {
    const missing = (error as { code?: unknown }).code === GRPC_NOT_FOUND;
    return missing
      ? problem(
          'Temporal',
          `${temporalAddress()} has no namespace ${namespace}`,
          `Set TEMPORAL_NAMESPACE, or: temporal operator namespace create --namespace ${namespace}`,
        )
      : problem(
          'Temporal',
          `${temporalAddress()} does not describe its namespace ${namespace}: ${(error as Error).message}`,
          'Let this identity read the namespace.',
        );
  }
  const { serverVersion } = await connection.workflowService.getSystemInfo({});
  return ok('Temporal', `${temporalAddress()}, namespace ${namespace}, server ${serverVersion}`);
}

async function attributesFinding(
  { connection, options }: Client,
  names: readonly string[],
): Promise<Finding> {
  const name = 'Search attributes';
  if (names.length === 0) return ok(name, 'none are needed');
  const { namespace } = options;
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const mistyped = explainMistyped(namespace, names, customAttributes);
  if (mistyped !== undefined) return problem(name, mistyped.what, mistyped.todo);
  const missing = names.filter((attribute) => !Object.hasOwn(customAttributes, attribute));
  if (missing.length === 0) return ok(name, `all ${names.length} are registered`);
  const flags = missing.map((attribute) => `--name ${attribute} --type Keyword`).join(' ');
  return warning(
    name,
    `not registered: ${missing.join(', ')}`,
    `A worker registers them when it starts; where it may not: temporal operator search-attribute create --namespace ${namespace} ${flags}`,
  );
}

async function encryptionFinding(
  client: Client,
  taskQueues: readonly string[],
  keys: KeyRing | undefined,
): Promise<Finding> {
  const name = 'Encryption';
  try {
    for (const taskQueue of taskQueues) await verifyPayloadKeys(client, taskQueue);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return problem(name, error.message, 'Set PAYLOAD_ENCRYPTION_KEYS as the workers have it.');
  }
  return ok(
    name,
    keys === undefined
      ? 'off: payloads in Temporal are plain (no personal data among them)'
      : `payloads are encrypted with key ${keys.activeId}; ${keys.ids.length} can decrypt`,
  );
}

async function workerFindings(
  client: Client,
  roles: readonly { name: string; taskQueue: string }[],
): Promise<Finding[]> {
  const found = await Promise.all(
    roles.map(async ({ name, taskQueue: queue }) => {
      const { alive, knownBy, clocksBehind } = await listLiveWorkers(client, queue);
      if (alive.length === 0) {
        return [warning(name, `nobody works on task queue ${queue}`, 'Start one: npm run worker')];
      }
      const by =
        knownBy === 'polls' ? ' by their polls (one that died is among them for up to five minutes)' : '';
      const clocks = clocksBehind.map(({ identity, seconds }) =>
        warning(
          name,
          `the clock of ${identity} is ${Math.abs(seconds)} s ${seconds > 0 ? 'behind' : 'ahead of'} the one here`,
          'Set the wrong one of the two: AWS refuses requests signed by a clock that is minutes off.',
        ),
      );
      return [ok(name, `${alive.length} on task queue ${queue}${by}`), ...clocks];
    }),
  );
  return found.flat();
}

/** Whether the server tells who is alive. */
async function heartbeatFindings(client: Client): Promise<Finding[]> {
  if (await takesHeartbeats(client)) return [];
  return [
    warning(
      'Worker heartbeats',
      'this server takes none, or is told not to: live workers are known by their polls, and a dead one only after five minutes instead of 30 s',
      `Use Temporal server ${HEARTBEATS_SINCE} or later; on 1.29.1, or where they were turned off, set frontend.WorkerHeartbeatsEnabled and frontend.ListWorkersEnabled to true, and restart the workers.`,
    ),
  ];
}
