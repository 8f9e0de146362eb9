import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { ExportApi } from '../../export-api/start-export-api.js';
import type { Environment } from '../../stack/folders.js';

/** Settings under which faults of minutes show within seconds. */
const DEMO_SETTINGS: Readonly<Record<string, string>> = {
  PIPELINES: 'exports',
  LOG_LEVEL: 'info',
  HEALTH_PORT: '0',
  SHUTDOWN_GRACE_SECONDS: '3',
  EXPORT_HEARTBEAT: '1s',
  EXPORT_HEARTBEAT_TIMEOUT: '6s',
};

/** Settings of the application that a person may have exported and that the demo must decide for itself. */
const NOT_INHERITED =
  /^(AWS_|SQS_|MONGO_|POSTGRES_|S3_|TEMPORAL_|EXPORT_|DOWNLOAD_TASKS_|PIPELINES|SERVICE_MODE|TASK_QUEUE)/;

/** The credential of an API in `EXPORT_API_SECRETS`. */
const secretOf = (source: string): string => `${source}_token`;

/** How processes and commands find the APIs: a file that describes each, and where they may go. */
export function apiSettings(
  apis: ReadonlyMap<string, Pick<ExportApi, 'url' | 'downloadUrl' | 'token'>>,
  folder: string,
): Record<string, string> {
  const adapter = join(folder, 'export-apis.yaml');
  const sources = Object.fromEntries(
    [...apis].map(([source, { url }]) => [
      source,
      {
        ...{ contract: 'v1', base_url: url, rate: 300 },
        auth: { type: 'bearer', token: { secret: secretOf(source) } },
      },
    ]),
  );
  writeFileSync(adapter, stringify({ version: 1, sources }));
  const secrets = Object.fromEntries([...apis].map(([source, { token }]) => [secretOf(source), token]));
  const hosts = [...apis.values()].flatMap(({ url, downloadUrl }) => [url, downloadUrl]);
  return {
    EXPORT_API_ADAPTER: adapter,
    EXPORT_API_SECRETS: JSON.stringify(secrets),
    EXPORT_PRIVATE_HOSTS: [...new Set(hosts)].map((url) => new URL(url).host).join(','),
  };
}

/** The environment of every process of the demo, but for its role. */
export function exportsProcessEnvironment(
  inherited: Environment,
  env: Readonly<Record<string, string>>,
): Environment {
  const rest = Object.entries(inherited).filter(([name]) => !NOT_INHERITED.test(name));
  return { ...Object.fromEntries(rest), ...DEMO_SETTINGS, ...env };
}
