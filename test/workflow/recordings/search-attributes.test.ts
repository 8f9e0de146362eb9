import { temporal } from '@temporalio/proto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { recordings } from '../../../src/pipelines/recordings/pipeline.js';
import { ensureSearchAttributes } from '../../../src/temporal/ensure-search-attributes.js';
import { createBareEnvironment } from '../workflow-environment.js';

const { INDEXED_VALUE_TYPE_TEXT } = temporal.api.enums.v1.IndexedValueType;
let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createBareEnvironment();
}, 120_000);
afterAll(() => environment.teardown());

test('a search attribute of another type stops the start with its name, both types and what to do', async () => {
  const { client } = environment;
  const { namespace } = client.options;
  const { operatorService } = client.connection;
  await operatorService.addSearchAttributes({
    namespace,
    searchAttributes: { VachanMode: INDEXED_VALUE_TYPE_TEXT },
  });
  await expect(ensureSearchAttributes(client, recordings.searchAttributes)).rejects.toMatchObject({
    name: 'ConfigurationError',
    message: expect.stringMatching(
      /VachanMode is Text, expected Keyword.*search-attribute remove --namespace default --name VachanMode/,
    ) as string,
  });
  await operatorService.removeSearchAttributes({ namespace, searchAttributes: ['VachanMode'] });
  await ensureSearchAttributes(client, recordings.searchAttributes);
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(recordings.searchAttributes));
});
