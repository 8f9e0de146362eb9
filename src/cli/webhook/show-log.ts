import { EXIT, type CliContext, type ExitCode } from '../../commands/context.js';
import { instantText } from '../../commands/words.js';
import { tableLines } from '../../commands/terminal/table.js';
import type { Pipeline } from '../../pipelines/pipeline.js';
import type { LoggedEvent } from '../../webhook/webhook-log.js';
import { withLogs } from './with-logs.js';

export interface LogOptions {
  status?: LoggedEvent['status'];
  pipeline?: string;
  limit: number;
  json?: boolean;
}

const COLUMNS = ['EVENT', 'TYPE', 'OF', 'AT', 'STATUS', 'TRIES', 'LAST ANSWER', 'NEXT TRY'].map((title) => ({
  title,
}));

/** Lists events. */
export async function showLog(
  { terminal, readEnvironment }: CliContext,
  pipelines: readonly Pipeline[],
  { status, pipeline: named, limit, json }: LogOptions,
): Promise<ExitCode> {
  const found: (LoggedEvent & { pipeline: string })[] = [];
  await withLogs(readEnvironment(), pipelines, named, async (log, pipeline) => {
    const events = await log.latest({ limit, ...(status !== undefined && { status }) });
    found.push(...events.map((event) => ({ pipeline, ...event })));
  });
  found.sort((a, b) => b.created_at.getTime() - a.created_at.getTime());
  if (json === true) for (const event of found) terminal.out(JSON.stringify(event));
  else if (found.length === 0) terminal.out('No events.');
  else terminal.out(tableLines(COLUMNS, found.map(rowOf)).join('\n'));
  return EXIT.ok;
}

function rowOf({ last_try: last, ...event }: LoggedEvent): string[] {
  const answer = last?.problem ?? (last?.http_status === undefined ? '' : `answered ${last.http_status}`);
  return [
    event.webhook_id,
    event.type,
    event.about,
    instantText(event.created_at),
    event.status,
    String(event.tries),
    answer,
    event.next_try_at === undefined ? '' : instantText(event.next_try_at),
  ];
}
