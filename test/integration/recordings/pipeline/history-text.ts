import type { Client } from '@temporalio/client';

/** Every history of a task queue's workflows as text, payloads decoded. */
export async function historyTexts(client: Client, taskQueue: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for await (const { workflowId, runId } of client.workflow.list({ query: `TaskQueue = '${taskQueue}'` })) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    texts.set(`${workflowId} ${runId}`, JSON.stringify(history, readable));
  }
  return texts;
}

// A history's own JSON has its payloads in base64.
function readable(key: string, value: unknown): unknown {
  return key === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : value;
}
