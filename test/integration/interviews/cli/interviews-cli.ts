import { runCli } from '#vachan/cli/program.js';
import type { CliContext } from '#vachan/commands/context.js';
import { exportsPipeline } from '#vachan/pipelines/exports/pipeline.js';
import { interviewsCommands } from '#vachan/pipelines/interviews/cli/commands.js';
import { interviewsClients, type InterviewsClients } from '#vachan/pipelines/interviews/cli/context.js';
import { Client, Connection } from '@temporalio/client';
import { loneContext } from '../../../unit/shared/cli/lone-context.js';

export interface CliRun {
  code: number;
  out: string;
  err: string;
  /** `out`, read as JSON. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- whoever asks says what is expected
  json: <T = Record<string, unknown>>() => T;
}

/** Runs `vachan interviews …` in this process, with real servers behind it. */
export const interviewsCli = (
  args: readonly string[],
  environment: Record<string, string>,
  given: Partial<CliContext> = {},
  clients: Partial<InterviewsClients> = {},
): Promise<CliRun> => vachanCli(['interviews', ...args], environment, given, clients);

/** Runs `vachan …`, with the commands of interviews alone. */
export async function vachanCli(
  args: readonly string[],
  environment: Record<string, string>,
  given: Partial<CliContext> = {},
  ownClients: Partial<InterviewsClients> = {},
): Promise<CliRun> {
  const { context, out, err } = loneContext(environment, { now: () => new Date(), ...given });
  const clients = {
    ...interviewsClients,
    connectTemporal: async () =>
      new Client({
        connection: await Connection.connect({ address: environment['TEMPORAL_ADDRESS']! }),
        namespace: environment['TEMPORAL_NAMESPACE']!,
      }),
    ...ownClients,
  };
  const pipeline = { ...exportsPipeline, name: 'interviews', commands: interviewsCommands(clients) };
  const code = await runCli(args, context, [pipeline]);
  return {
    code,
    out: out.join('\n'),
    err: err.join('\n'),
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as above
    json: <T>() => JSON.parse(out.join('\n')) as T,
  };
}
