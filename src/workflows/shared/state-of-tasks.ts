import type { WorkflowInterceptors, WorkflowInternalsInterceptor } from '@temporalio/workflow';

type Activate = Required<WorkflowInternalsInterceptor>['activate'];
type Activation = Parameters<Activate>[0]['activation'];

/**
 * Refuses to go on from a state that no workflow task has made.
 *
 * A worker that does not know a run, and is asked a query of it, is given the history as it stands. That may have gone beyond the last
 * task: a timer fired, say, and the task for it waits in the queue of a worker that died. The SDK applies such events, answers,
 * and keeps the state. The next task brings the rest; what in a replay comes in one activation was then worked on in two, commands are
 * in another order, and from then on no worker can replay the run: it stalls with `TMPRL1100`.
 *
 * So the task fails once, the worker forgets the state, and the next attempt starts from the beginning. Such a state is known by the
 * history's size: each task's start records a larger one, and events beyond it come with the size of the last task.
 */
export const interceptors = (): WorkflowInterceptors => ({ internals: [new StateOfTasks()] });

class StateOfTasks implements WorkflowInternalsInterceptor {
  #seen = { sizeBytes: 0, events: 0 };
  #isAhead = false;

  activate(...[input, next]: Parameters<Activate>): void {
    const { jobs } = input.activation;
    if (jobs?.some(({ queryWorkflow }) => queryWorkflow == null) === true) this.#look(input.activation);
    next(input);
  }

  #look({ isReplaying, historySizeBytes, historyLength }: Activation): void {
    if (this.#isAhead) {
      throw new Error(
        'This state was made to answer a query, from events that no workflow task had; it is made anew from the history.',
      );
    }
    const now = { sizeBytes: Number(historySizeBytes ?? 0), events: historyLength ?? 0 };
    // Several activations may belong to one task, and some servers tell no size.
    const hasGrown = now.events > this.#seen.events;
    this.#isAhead =
      isReplaying !== true && hasGrown && now.sizeBytes > 0 && now.sizeBytes === this.#seen.sizeBytes;
    this.#seen = now;
  }
}
