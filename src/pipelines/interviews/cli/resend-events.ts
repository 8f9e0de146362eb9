import type { Client } from '@temporalio/client';
import { CommandMisused } from '../../../commands/command-misused.js';
import { EXIT, type ExitCode } from '../../../commands/context.js';
import { BASE_SETTINGS } from '../../../platform/config/base-settings.js';
import { loadSettings } from '../../../platform/config/load-settings.js';
import { pick } from '../../../platform/config/settings-table.js';
import type { InterviewEvent } from '../contract/event.js';
import { orchestratorTaskQueue } from '../contract/names.js';
import type { WhichEvents } from '../events/events-to-resend.js';
import { tellInterview } from '../events/tell-interview.js';
import { interviewDigest } from '../interview-digest.js';
import type { InterviewsContext } from './context.js';
import { jobsNamed } from './jobs-named.js';
import type { InterviewsAccess } from './open-interviews.js';

export interface ResendOptions {
  revision?: number;
  undelivered?: boolean;
  json?: boolean;
}

/** Most events that one call looks at; called again, it goes on with what is left. */
const MOST_EVENTS = 10_000;

/** Makes events wait for delivery again, and has the workflows of their interviews deliver them. */
export async function resendEvents(
  context: InterviewsContext,
  name: string | undefined,
  { revision, undelivered, json }: ResendOptions,
): Promise<ExitCode> {
  if ((name === undefined) !== (undelivered === true) || (undelivered === true && revision !== undefined)) {
    throw new CommandMisused('Expected either an interview (or job), or --undelivered alone.');
  }
  const { terminal } = context;
  const environment = context.readEnvironment();
  const { TASK_QUEUE: base } = loadSettings(environment, pick(BASE_SETTINGS, 'TASK_QUEUE'));
  const access = await context.openInterviews(environment);
  try {
    const interviewIds =
      name === undefined ? await neverTold(access) : [(await jobsNamed(access, name)).interviewId];
    const client = await context.connectTemporal(environment);
    try {
      const temporal = { client, taskQueue: orchestratorTaskQueue(base) };
      const which = {
        ...(revision !== undefined && { revision }),
        ...(undelivered === true && { undelivered }),
      };
      const sent: InterviewEvent[] = [];
      for (const id of interviewIds) sent.push(...(await resendOf(access, temporal, id, which)));
      const shown = sent.map(({ interview_id, revision, type, webhook_id }) => ({
        ...{ interview_id, revision, type, webhook_id },
      }));
      if (json === true) terminal.out(JSON.stringify({ resent: shown }));
      else if (shown.length === 0) terminal.out('There is no such event.');
      for (const event of json === true ? [] : shown) {
        terminal.out(
          `${event.interview_id}: revision ${event.revision}, ${event.type}, is sent again as ${event.webhook_id}.`,
        );
      }
      return shown.length > 0 ? EXIT.ok : EXIT.failed;
    } finally {
      await client.connection.close();
    }
  } finally {
    await access.close();
  }
}

async function neverTold({ events }: InterviewsAccess): Promise<string[]> {
  const found = await Promise.all(
    (['undelivered', 'unsent'] as const).map((status) => events.latest({ limit: MOST_EVENTS, status })),
  );
  return [...new Set(found.flat().map((event) => event.interview_id))];
}

async function resendOf(
  { events, jobs, idKey }: InterviewsAccess,
  temporal: { client: Client; taskQueue: string },
  interviewId: string,
  which: WhichEvents,
): Promise<InterviewEvent[]> {
  const [job] = await jobs.ofInterview(interviewId);
  if (job === undefined) return [];
  const sent = await events.resend(interviewId, which);
  if (sent.length > 0) {
    await tellInterview(temporal, {
      digest: interviewDigest(interviewId, idKey),
      job_id: job.job_id,
    });
  }
  return sent;
}
