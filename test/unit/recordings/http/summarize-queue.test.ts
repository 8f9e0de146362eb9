import type { Client } from '@temporalio/client';
import { noOutcomes } from '../../../../src/pipelines/recordings/contract/outcome.js';
import { NoSuchRun } from '../../../../src/temporal/runs/run-errors.js';
import type { StatusAnswer } from '../../../../src/temporal/runs/runs.js';
import { summarizeQueue } from '../../../../src/pipelines/recordings/http/summarize-queue.js';
import { aSummary } from '../../shared/cli/fake-context.js';

type Answer = StatusAnswer | Error;

const answered = (completed: number, lanes: number): StatusAnswer => ({
  kind: 'answered',
  summary: aSummary({ lanes, outcomes: { ...noOutcomes(), completed, failed_pre_inference: 1 } }),
});

/** Visibility that counts `counted` runs on the queue and lists one for each answer, as many as a page may hold. */
function summarize(counted: number, answers: readonly Answer[]): ReturnType<typeof summarizeQueue> {
  const queries: string[] = [];
  const workflowService = {
    countWorkflowExecutions: ({ query }: { query: string }) => {
      queries.push(query);
      return Promise.resolve({ count: counted });
    },
    listWorkflowExecutions: ({ query, pageSize }: { query: string; pageSize: number }) => {
      queries.push(query);
      const executions = answers.slice(0, pageSize).map((_, index) => ({
        execution: { workflowId: String(index), runId: `run-${index}` },
      }));
      return Promise.resolve({ executions, nextPageToken: new Uint8Array() });
    },
  };
  const client = {
    options: { namespace: 'default' },
    workflowService,
    withDeadline: (_deadline: number, call: () => unknown) => call(),
  } as unknown as Client;
  const status = (id: string): Promise<StatusAnswer> => {
    const answer = answers[Number(id)]!;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return summarizeQueue(client, { status }, 'recordings').finally(() => {
    expect(new Set(queries).size).toBe(1);
    expect(queries[0]).toMatch(/ExecutionStatus = "Running".* = "recordings"/);
  });
}

describe('the totals of a queue', () => {
  test('cover every run when all answer', async () => {
    const totals = await summarize(2, [answered(9, 1), answered(29, 2)]);
    expect(totals).toMatchObject({ runs_under_way: 2, runs_answered: 2, complete: true, lanes: 3 });
    expect(totals).toMatchObject({ outcomes: { completed: 38 }, success_rate: 0.95 });
  });

  test('say how many runs they leave out, since nobody works on them or they cannot tell', async () => {
    const totals = await summarize(4, [
      answered(9, 1),
      { kind: 'no_worker', builds: [] },
      { kind: 'not_ready' },
      new NoSuchRun('gone'),
    ]);
    expect(totals).toMatchObject({ runs_under_way: 4, runs_answered: 1, complete: false });
    expect(totals.outcomes.completed).toBe(9);
  });

  test('ask ten runs at most, and count all', async () => {
    const totals = await summarize(
      12,
      Array.from({ length: 12 }, () => answered(1, 1)),
    );
    expect(totals).toMatchObject({ runs_under_way: 12, runs_answered: 10, complete: false, lanes: 10 });
  });

  test('are no rates when no run answers', async () => {
    const totals = await summarize(1, [{ kind: 'no_worker', builds: [] }]);
    expect(totals).toMatchObject({ runs_answered: 0, complete: false });
    expect(totals).toMatchObject({ success_rate: null, records_per_minute: null });
  });

  test('are complete without a run, and never cover more runs than there are', async () => {
    expect(await summarize(0, [])).toMatchObject({ runs_under_way: 0, runs_answered: 0, complete: true });
    // The count was made a moment before a run started.
    expect(await summarize(0, [answered(1, 1)])).toMatchObject({ runs_under_way: 1, complete: true });
  });

  test('fail when Temporal does, rather than look empty', async () => {
    await expect(summarize(1, [new Error('down')])).rejects.toThrow('down');
  });
});
