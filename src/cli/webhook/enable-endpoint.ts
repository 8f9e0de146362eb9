import { EXIT, type CliContext, type ExitCode } from '../../commands/context.js';
import type { Pipeline } from '../../pipelines/pipeline.js';
import { configuredEndpoint } from '../../webhook/configured-endpoint.js';
import { withLogs } from './with-logs.js';

/** Enables the endpoint of the settings, for each pipeline that has disabled it. */
export async function enableEndpoint(
  { terminal, readEnvironment }: CliContext,
  pipelines: readonly Pipeline[],
  options: { pipeline?: string; json?: boolean },
): Promise<ExitCode> {
  const environment = readEnvironment();
  const endpoint = configuredEndpoint(environment);
  endpoint.close();
  const { key, origin } = endpoint;
  const enabled: { pipeline: string; disabled_at: Date; reason: string }[] = [];
  await withLogs(environment, pipelines, options.pipeline, async (log, pipeline) => {
    const disabled = await log.endpoints.disabled(key);
    if (disabled === undefined || !(await log.endpoints.enable(key))) return;
    enabled.push({ pipeline, disabled_at: disabled.at, reason: disabled.reason });
  });
  if (options.json === true) {
    terminal.out(JSON.stringify({ endpoint: origin, enabled }));
    return EXIT.ok;
  }
  if (enabled.length === 0) terminal.out(`${origin} was not disabled.`);
  for (const { pipeline, disabled_at, reason } of enabled) {
    terminal.out(
      `${origin} is sent events of ${pipeline} again. Disabled ${disabled_at.toISOString()}: ${reason}.`,
    );
  }
  if (enabled.length > 0)
    terminal.out('See vachan webhook log --status undelivered for what is to be sent again.');
  return EXIT.ok;
}
