import { CommandMisused } from '../../../commands/command-misused.js';
import { EXIT, type ExitCode } from '../../../commands/context.js';
import { tableLines } from '../../../commands/terminal/table.js';
import { readInstant } from '../../../contract/instants.js';
import { preview } from '../../../platform/text/printable.js';
import { isSource } from '../contract/job-ref.js';
import { listJobs, type JobFilter, type ListedJob } from '../jobs/list-jobs.js';
import type { ListOptions } from './commands/list.js';
import type { ExportsContext } from './context.js';

/** Lists jobs. */
export async function showJobs(context: ExportsContext, options: ListOptions): Promise<ExitCode> {
  const filter = filterOf(options, context.now());
  const client = await context.connectTemporal(context.readEnvironment());
  try {
    const jobs: ListedJob[] = [];
    let token: Uint8Array | undefined;
    do {
      const page = await listJobs(client, filter, Math.min(1_000, options.limit - jobs.length), token);
      jobs.push(...page.jobs);
      token = page.nextPageToken;
    } while (token !== undefined && jobs.length < options.limit);
    const more = token !== undefined;
    if (options.json === true) context.terminal.out(JSON.stringify({ jobs, more }));
    else {
      context.terminal.out(tableOf(jobs).join('\n'));
      if (more) context.terminal.err(`There are more: --limit ${options.limit * 10}, or --since.`);
    }
    return EXIT.ok;
  } finally {
    await client.connection.close();
  }
}

function tableOf(jobs: readonly ListedJob[]): string[] {
  if (jobs.length === 0) return ['No jobs.'];
  return tableLines(
    [{ title: 'EXPORT' }, { title: 'SOURCE' }, { title: 'STATE' }, { title: 'STARTED' }, { title: 'ENDED' }],
    jobs.map(({ export_id, source, state, started_at, closed_at }) => [
      export_id,
      source,
      state,
      started_at,
      closed_at ?? '',
    ]),
  );
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function filterOf({ state, source, since }: ListOptions, now: Date): JobFilter {
  if (source !== undefined && !isSource(source)) {
    throw new CommandMisused(
      `--source: expected 1 to 32 lower-case letters, digits and - (got ${preview(source, 60)})`,
    );
  }
  return { state, source, sinceMs: since === undefined ? undefined : instantOf(since, now) };
}

function instantOf(since: string, now: Date): number {
  const [, digits, unit] = /^(\d{1,5})([smhd])$/.exec(since) ?? [];
  if (digits !== undefined && unit !== undefined) return now.getTime() - Number(digits) * UNIT_MS[unit]!;
  const at = readInstant(since);
  if (at === undefined) {
    throw new CommandMisused(
      `--since: expected 30m, 12h, 7d or an RFC 3339 time (got ${preview(since, 60)})`,
    );
  }
  return Date.parse(at);
}
