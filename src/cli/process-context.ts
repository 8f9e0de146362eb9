import { wait } from '../platform/time/wait.js';
import type { CliContext } from '../commands/context.js';
import { processTerminal } from '../commands/terminal/terminal.js';

/** Ctrl-C, a supervisor, and a terminal that was closed. */
const LEAVE_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The context of a real process. Heavy libraries are loaded by what needs them: `--help` has to be instant. */
export async function processContext(): Promise<CliContext> {
  const { readEnvironment } = await import('../platform/config/environment.js');
  const terminal = processTerminal();
  const configuration = async () => ({
    ...(await import('../platform/config/base-settings.js')),
    ...(await import('../platform/config/load-settings.js')),
    ...(await import('../platform/config/settings-table.js')),
  });
  return {
    terminal,
    readEnvironment,
    connectRuns: async () => {
      const { BASE_SETTINGS, loadSettings, pick } = await configuration();
      const { PAYLOAD_ENCRYPTION_KEYS: keys, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = loadSettings(
        readEnvironment(),
        pick(BASE_SETTINGS, 'PAYLOAD_ENCRYPTION_KEYS', 'OTEL_EXPORTER_OTLP_ENDPOINT'),
      );
      const { connectTemporalRuns } = await import('../temporal/runs/temporal-runs.js');
      if (endpoint === undefined) return connectTemporalRuns(keys);
      const { startClientTracing } = await import('../platform/tracing/client-tracing.js');
      const { ownVersion } = await import('../platform/own-version.js');
      const tracing = startClientTracing({
        endpoint,
        version: ownVersion(),
        onFailure: (message) => terminal.err(`vachan: the trace was not taken by ${endpoint}: ${message}`),
      });
      try {
        const runs = await connectTemporalRuns(keys, [tracing.interceptor]);
        return { ...runs, close: () => runs.close().finally(() => tracing.stop()) };
      } catch (error) {
        await tracing.stop();
        throw error;
      }
    },
    connectSchedules: async (workflowType) => {
      const { BASE_SETTINGS, loadSettings, pick } = await configuration();
      const settings = loadSettings(readEnvironment(), pick(BASE_SETTINGS, 'PAYLOAD_ENCRYPTION_KEYS'));
      const { connectClient } = await import('../temporal/connection.js');
      const { createTemporalSchedules } = await import('../temporal/schedules/temporal-schedules.js');
      return createTemporalSchedules(await connectClient(settings.PAYLOAD_ENCRYPTION_KEYS), workflowType);
    },
    openQueue: async ({ url, region, fifoGroupId }) => {
      const { createSqsClient } = await import('../queue/sqs-client.js');
      const { createSqsQueue } = await import('../queue/sqs-queue.js');
      const client = createSqsClient({ region });
      return { queue: createSqsQueue({ client, url, fifoGroupId }), close: () => client.destroy() };
    },
    openDeadLetters: async ({ url, region, fifoGroupId }) => {
      const { createSqsClient } = await import('../queue/sqs-client.js');
      const { createSqsQueue } = await import('../queue/sqs-queue.js');
      const { findDeadLetterQueue } = await import('../queue/dead-letter-queue.js');
      const client = createSqsClient({ region });
      const queue = createSqsQueue({ client, url, fifoGroupId });
      const dead = await findDeadLetterQueue(client, url);
      return { queue, dead, close: () => client.destroy() };
    },
    onInterrupt: (listener) => {
      const once = (): void => {
        stop();
        listener();
      };
      const stop = (): void => {
        for (const signal of LEAVE_SIGNALS) process.off(signal, once);
      };
      for (const signal of LEAVE_SIGNALS) process.on(signal, once);
      return stop;
    },
    confirm: async (question) => {
      const { confirmOnTerminal } = await import('../commands/terminal/confirm.js');
      return confirmOnTerminal(question);
    },
    now: () => new Date(),
    sleep: (ms, signal) => wait(ms, signal).catch(() => undefined),
  };
}
