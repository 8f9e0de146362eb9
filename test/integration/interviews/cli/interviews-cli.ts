import { runCli } from '#vachan/cli/program.js';
import type { CliContext } from '#vachan/commands/context.js';
import { exportsPipeline } from '#vachan/pipelines/exports/pipeline.js';
import { interviewsCommands } from '#vachan/pipelines/interviews/cli/commands.js';
import { interviewsClients, type InterviewsClients } from '#vachan/pipelines/interviews/cli/context.js';
import { Client, Connection } from '@temporalio/client';

export interface CliRun {
  code: number;
  out: string;
  err: string;
  /** `out`, read as JSON. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- whoever asks says what is expected
  json: <T = Record<string, unknown>>() => T;
}

const unexpected = (what: string) => (): Promise<never> =>
  Promise.reject(new Error(`${what} was not expected here`));

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
  const out: string[] = [];
  const err: string[] = [];
  const context: CliContext = {
    terminal: {
      out: (text) => void out.push(text),
      err: (text) => void err.push(text),
      live: undefined,
      columns: 100,
    },
    readEnvironment: () => environment,
    connectRuns: unexpected('Temporal'),
    connectSchedules: unexpected('schedules'),
    openQueue: unexpected('a queue'),
    openDeadLetters: unexpected('a dead-letter queue'),
    confirm: unexpected('a question'),
    onInterrupt: () => () => undefined,
    now: () => new Date(),
    sleep: () => Promise.resolve(),
    ...given,
  };
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
