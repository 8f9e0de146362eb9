import { randomUUID } from 'node:crypto';
import { EXIT, type CliContext, type ExitCode } from '../../commands/context.js';
import { webhookId } from '../../webhook/event.js';
import { sendOnce } from '../../webhook/send-once.js';

/** Posts one event that means nothing. */
export async function sendTest(
  { terminal, now, readEnvironment }: CliContext,
  options: { json?: boolean },
): Promise<ExitCode> {
  const event = {
    id: webhookId(randomUUID()),
    type: 'webhook.test',
    at: now(),
    data: { message: 'A test of vachan webhook test; nothing has happened.' },
  };
  const delivered = await sendOnce(readEnvironment(), event, terminal, options.json === true);
  return delivered ? EXIT.ok : EXIT.failed;
}
