// Replays a history that is cut after so many events, as a worker gets it that does not know the run and is asked a query,
// then asks the query and gives the same state a workflow task: node query-beyond-tasks.cjs BUNDLE HISTORY EVENTS.
// Prints what came of both. The workflow runs on this thread, so that its activations can be followed.
const { readFileSync } = require('node:fs');
const Long = require('long');
const { historyFromJSON } = require('@temporalio/common/lib/proto-utils');
const { DefaultLogger, Runtime, Worker } = require('@temporalio/worker');
const { BaseVMWorkflow } = require('@temporalio/worker/lib/workflow/vm-shared.js');

const [, , codePath, historyPath, events] = process.argv;
const activate = BaseVMWorkflow.prototype.activate;
const came = {};

BaseVMWorkflow.prototype.activate = async function (activation) {
  const completion = await activate.call(this, activation);
  if (activation.isReplaying || came.query !== undefined) return completion;
  const give = async (more) => {
    const { failed } = await activate.call(this, { ...activation, ...more });
    return failed?.failure?.message ?? 'taken';
  };
  came.query = await give({
    jobs: [
      {
        variant: 'queryWorkflow',
        queryWorkflow: { queryId: 'legacy_query', queryType: 'status', arguments: [], headers: {} },
      },
    ],
  });
  came.task = await give({
    historyLength: activation.historyLength + 10,
    historySizeBytes: Long.fromNumber(Number(activation.historySizeBytes) + 1_000),
    jobs: [{ variant: 'fireTimer', fireTimer: { seq: 999 } }],
  });
  return completion;
};

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
});
const history = JSON.parse(readFileSync(historyPath, 'utf8'));
history.events.length = Number(events);
Worker.runReplayHistory({ workflowBundle: { codePath }, debugMode: true }, historyFromJSON(history)).then(
  () => {
    process.stdout.write(JSON.stringify(came));
    process.exit(0);
  },
  (error) => {
    process.stderr.write(String(error.stack));
    process.exit(1);
  },
);
