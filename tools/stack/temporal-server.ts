import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { PIPELINES, searchAttributesOf } from '#vachan/pipelines/index.js';
import type { Environment } from './folders.js';
import { spawnGuarded } from './guarded-process.js';
import type { PartOptions, StackPart } from './stack-part.js';
import { startServer } from './server-start.js';
import { temporalCliPath } from './temporal-binaries.js';

const START_TIMEOUT_SECONDS = 40;
const CONNECT_TIMEOUT_MS = 5000;
/** Of the server and its Web UI: what `temporal` and bookmarks reach without being told. */
const USUAL_PORTS = [7233, 8233];

export interface TemporalEndpoints {
  address: string;
  namespace: string;
  /** Undefined for a server that is not ours: it does not say where its Web UI is. */
  uiUrl: string | undefined;
}

/** The server at `TEMPORAL_ADDRESS`, or a dev server of our own that keeps its data in the stack's folder. */
export async function startTemporal(options: PartOptions): Promise<StackPart<TemporalEndpoints>> {
  const address = options.environment['TEMPORAL_ADDRESS'];
  if (address !== undefined && address !== '') return useExisting(address, options.environment);

  const cli = await temporalCliPath({ environment: options.environment, log: options.log });
  const namespace = 'default';
  const { process: server, ports } = await startServer({
    ports: 2,
    preferredPorts: options.usualPorts === true ? USUAL_PORTS : undefined,
    startTimeoutSeconds: START_TIMEOUT_SECONDS,
    launch: ([port, uiPort]) =>
      spawnGuarded({
        name: 'Temporal',
        command: cli,
        args: [
          ...['server', 'start-dev', '--ip', '127.0.0.1', '--ui-ip', '127.0.0.1', '--log-level', 'error'],
          ...['--port', String(port), '--ui-port', String(uiPort), '--namespace', namespace],
          ...['--db-filename', join(options.folder, 'temporal.sqlite')],
          // 3.3 times as many workflow tasks a second as the defaults.
          ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal'],
          ...searchAttributesOf(PIPELINES).flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
        ],
        logFile: join(options.folder, 'temporal.log'),
        env: withoutTemporalSettings(options.environment),
      }),
    probe: ([port]) => registerSearchAttributes(`127.0.0.1:${port}`, namespace),
  });
  const [port, uiPort] = ports;
  return {
    how: cli,
    endpoints: { address: `127.0.0.1:${port}`, namespace, uiUrl: `http://127.0.0.1:${uiPort}` },
    groupId: server.groupId,
    stop: () => server.stop(),
  };
}

async function useExisting(address: string, environment: Environment): Promise<StackPart<TemporalEndpoints>> {
  const namespace = environment['TEMPORAL_NAMESPACE'] ?? 'default';
  await registerSearchAttributes(address, namespace);
  return {
    how: 'TEMPORAL_ADDRESS',
    endpoints: { address, namespace, uiUrl: undefined },
    stop: () => Promise.resolve(),
  };
}

/** Makes the server know Vachan's search attributes; rejects while the server or the namespace is not ready. */
export async function registerSearchAttributes(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: CONNECT_TIMEOUT_MS });
  try {
    await connection.withDeadline(Date.now() + CONNECT_TIMEOUT_MS, async () => {
      await connection.workflowService.describeNamespace({ namespace });
      const known = await connection.operatorService.listSearchAttributes({ namespace });
      const missing = searchAttributesOf(PIPELINES).filter((name) => !(name in known.customAttributes));
      if (missing.length === 0) return;
      const { INDEXED_VALUE_TYPE_KEYWORD: keyword } = temporal.api.enums.v1.IndexedValueType;
      await connection.operatorService.addSearchAttributes({
        namespace,
        searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])),
      });
    });
  } finally {
    await connection.close();
  }
}

// The command reads TEMPORAL_* and would take an address or a key meant for another server.
function withoutTemporalSettings(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('TEMPORAL_')));
}
