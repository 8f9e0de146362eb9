import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Client } from '@temporalio/client';

/** Where what is told about people must not be. */
export interface SearchedPlaces {
  client: Client;
  /** Its workflows, and those of queues whose names begin so. */
  taskQueue: string;
  /** Logs of processes; only those that these name begins of. */
  logs: { folder: string; isLog: (name: string) => boolean };
}

/**
 * Searches histories, search attributes, memos and logs, with all payloads decoded.
 *
 * @param words interview ids, keys, words that were said
 * @returns a sentence for each place where one is found, which names the place and not the word
 */
export async function findLeaks(
  { client, taskQueue, logs }: SearchedPlaces,
  words: readonly string[],
): Promise<string[]> {
  const leaks = new Set<string>();
  const look = (where: string, text: string): void => {
    if (words.some((word) => text.includes(word))) leaks.add(where);
  };
  for await (const { workflowId, runId, type, raw } of client.workflow.list({
    query: `TaskQueue STARTS_WITH "${taskQueue}"`,
  })) {
    look(`a workflow id of ${type}`, workflowId);
    look(`what is listed of a ${type}`, decoded(raw));
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    for (const event of history.events ?? [])
      look(`the history of a ${type}, in event ${String(event.eventId)}`, decoded(event));
  }
  for (const name of readdirSync(logs.folder).filter(logs.isLog)) {
    const lines = createInterface({ input: createReadStream(join(logs.folder, name)) });
    for await (const line of lines)
      look(`the log ${name}: ${/"event":"(\w+)"/.exec(line)?.[1] ?? 'a line'}`, line);
  }
  return [...leaks].map((where) => `${where} holds an interview's id, a key or what was said`);
}

/** Bytes of payloads as the text that they are; fields in any depth. */
function decoded(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  return Object.values(value).map(decoded).join('\n');
}
