import { BASE_SETTINGS, type BaseSettings } from '../../src/platform/config/base-settings.js';
import { loadSettings } from '../../src/platform/config/load-settings.js';
import type { SettingsOf, SettingsTable } from '../../src/platform/config/settings-table.js';
import { ConfigurationError } from '../../src/platform/errors.js';
import type { Deployment, SecretReference } from './deployment.js';

/** The most that Fargate waits between SIGTERM and SIGKILL, and the notice that Spot gives. */
export const STOP_TIMEOUT_SECONDS = 120;

/** After the grace a worker gives batches back and closes its connections. */
const CLOSING_SECONDS = 10;

/** Longest drain that SIGKILL does not cut short. */
export const LONGEST_GRACE_SECONDS = STOP_TIMEOUT_SECONDS - CLOSING_SECONDS;

/** The port of health, metrics and the read-only API inside the task. */
export const WORKER_PORT = 8080;

/** The image's volume for files in progress. */
export const SCRATCH_PATH = '/scratch';

/** Of every pipeline's services, settings that come from resources, secrets or the image: a second value would be wrong. */
const SET_BY_THE_STACK = [
  'SERVICE_MODE',
  'PIPELINES',
  'AWS_REGION',
  'AWS_ENDPOINT_URL',
  'CLOUDWATCH_NAMESPACE',
  'HEALTH_HOST',
  'HEALTH_PORT',
  'SCRATCH_PATH',
];

/** What the services of one pipeline are told by a deployment file, and what the stack tells them itself. */
export interface PipelineSettings<Table extends SettingsTable> {
  table: Table;
  /** Where the file says `settings` and `secret_settings`: empty, or a part's name with a dot. */
  at: string;
  settings: Readonly<Record<string, string>>;
  secretSettings: Readonly<Record<string, SecretReference>>;
  /** What both services read from their environment, with stand-ins for addresses that are known once the stack is deployed. */
  environment: Readonly<Record<string, string>>;
  /** Settings of its own that come from resources, secrets or the image. */
  setByTheStack: readonly string[];
}

/**
 * What a pipeline's services are told, besides addresses of resources and secrets.
 *
 * @param settings of the deployment file
 * @param own what the stack tells this pipeline's services
 */
export function plainSettings(
  { region }: Deployment,
  settings: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    SHUTDOWN_GRACE_SECONDS: String(LONGEST_GRACE_SECONDS),
    ...settings,
    AWS_REGION: region,
    ...own,
    SCRATCH_PATH,
    HEALTH_HOST: '0.0.0.0',
    HEALTH_PORT: String(WORKER_PORT),
  };
}

/**
 * The configuration that a pipeline's services will read, checked as they check it themselves: a typing error ends the
 * synthesis instead of every task that starts.
 */
export function checkedConfiguration<Table extends SettingsTable>(
  pipeline: PipelineSettings<Table>,
): { configuration: BaseSettings & SettingsOf<Table> } | { problems: string[] } {
  const { at, settings, secretSettings, table, environment } = pipeline;
  const problems = [
    ...Object.keys(settings).flatMap((name) => refusal(pipeline, 'settings', name)),
    ...Object.keys(secretSettings).flatMap((name) => refusal(pipeline, 'secret_settings', name)),
  ];
  try {
    const configuration = loadSettings(environment, BASE_SETTINGS, table);
    return problems.length > 0 ? { problems } : { configuration: configuration };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const [, ...wrong] = error.message.split('\n').map((line) => line.replace(/^ *- /, ''));
    return { problems: [...problems, ...wrong.map((line) => `${at}settings: ${line}`)] };
  }
}

function refusal(
  { at, table, setByTheStack }: PipelineSettings<SettingsTable>,
  field: 'settings' | 'secret_settings',
  name: string,
): string[] {
  if ([...SET_BY_THE_STACK, ...setByTheStack].includes(name))
    return [`${at}${field}.${name} is set by the stack; leave it out`];
  const known: Readonly<Record<string, { secret: boolean } | undefined>> = { ...BASE_SETTINGS, ...table };
  const setting = known[name];
  if (setting === undefined)
    return [`${at}${field}.${name} is not a setting of the worker; docs/configuration.md lists them`];
  if (setting.secret && field === 'settings')
    return [
      `${at}settings.${name} is a secret; put it in Secrets Manager and its ARN in ${at}secret_settings`,
    ];
  if (!setting.secret && field === 'secret_settings')
    return [`${at}secret_settings.${name} is no secret; it belongs into ${at}settings`];
  return [];
}
