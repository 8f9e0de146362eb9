'use strict';

/** Workflows of a pipeline that only the tests know, made of nothing but what workflows/shared has. */
const { proxyActivities, workflowInfo } = require('@temporalio/workflow');
const {
  receiveOptions,
  releaseOptions,
  stageOptions,
} = require('../../../dist/workflows/shared/activity-options.js');
const { batchIdPrefix, runChildBatch } = require('../../../dist/workflows/shared/child-batch.js');
const { dispatch, newDispatchState } = require('../../../dist/workflows/shared/dispatch.js');
const { runBatch } = require('../../../dist/workflows/shared/run-batch.js');
const { installRunControls, openStatus } = require('../../../dist/workflows/shared/run-controls.js');

const noOutcomes = () => ({ delivered: 0, failed: 0 });

exports.parcelBatch = (input) =>
  runBatch(input, {
    receive: proxyActivities(receiveOptions(`${workflowInfo().taskQueue}-parcels`)),
    host: (taskQueue) => proxyActivities(stageOptions(taskQueue, '1 minute')),
    release: (taskQueue) => proxyActivities(releaseOptions(taskQueue)),
    stages: [
      { name: 'open', run: (host, batch) => host.openParcels(batch) },
      { name: 'carry', run: (host, batch) => host.carryParcels(batch) },
      { name: 'note', run: (host, batch) => host.noteParcels(batch), always: true },
    ],
    noOutcomes,
  });

exports.parcelRun = async (queueUrl) => {
  const state = newDispatchState(noOutcomes());
  const { measureParcels } = proxyActivities({ startToCloseTimeout: '10 seconds' });
  const idPrefix = batchIdPrefix('parcels', 'today');
  const controls = installRunControls(
    undefined,
    (status) => ({ status, ...state.stats }),
    () => undefined,
  );
  const end = await dispatch(state, {
    measure: () => measureParcels(queueUrl),
    startBatch: (number, batchSize) =>
      runChildBatch({
        workflowType: 'parcelBatch',
        idPrefix,
        number,
        input: { queue_url: queueUrl, batch_size: batchSize },
        summary: `${batchSize} parcels`,
      }),
    emptyConfirmSeconds: 60,
    batchSize: () => 10,
    maxConcurrency: () => null,
    paused: () => controls.paused,
    stopping: () => controls.draining,
    endsWhenEmpty: () => true,
    onChange: () => undefined,
  });
  return { end, status: openStatus(controls), ...state.stats };
};
