import { openLink, type Link } from '../../../../tools/chaos/link.js';
import { connectClient } from '../../../../src/temporal/connection.js';
import { watchLiveWorkers } from '../../../../src/temporal/live-workers.js';
import { countRunningWorkflows } from '../../../../src/temporal/running-workflows.js';
import { freshName, temporalEndpoints } from '../../embedded-stack.js';
import { until } from '../../../until.js';

jest.setTimeout(120_000);

let link: Link;
const before = process.env['TEMPORAL_ADDRESS'];

beforeAll(async () => {
  link = await openLink(Number(temporalEndpoints().address.split(':')[1]));
  process.env['TEMPORAL_ADDRESS'] = `127.0.0.1:${link.port}`;
});
afterAll(async () => {
  if (before === undefined) delete process.env['TEMPORAL_ADDRESS'];
  else process.env['TEMPORAL_ADDRESS'] = before;
  await link.close();
});

test('calls on a connection that the network has swallowed fail in time, and later ones get through', async () => {
  const client = await connectClient(undefined);
  const taskQueue = freshName('queue');
  const look = watchLiveWorkers(client, taskQueue);
  expect((await look()).alive).toEqual([]);
  link.blackHole();
  await expect(
    Promise.allSettled([look(), countRunningWorkflows(client, 'inferenceWorkflow', taskQueue)]),
  ).resolves.toEqual([
    expect.objectContaining({ status: 'rejected' }),
    expect.objectContaining({ status: 'rejected' }),
  ]);
  link.heal();
  await until(() =>
    look().then(
      () => true,
      () => false,
    ),
  );
  await client.connection.close();
});
