import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { ok, problem, type Check } from '../../../commands/finding.js';
import { count } from '../../../commands/words.js';
import { BASE_SETTINGS } from '../../../platform/config/base-settings.js';
import type { Environment } from '../../../platform/config/environment.js';
import { loadSettings } from '../../../platform/config/load-settings.js';
import { pick } from '../../../platform/config/settings-table.js';
import { createDynamoClient } from '../metadata/dynamo-client.js';
import { onDynamo } from '../metadata/dynamo-errors.js';
import { createDynamoMetadata } from '../metadata/dynamo-metadata.js';
import { tableShape } from '../metadata/table-shape.js';
import { EXPORT_METADATA_SETTINGS } from '../settings/storage-settings.js';

const NAME = 'Metadata table';
const ADVICE =
  'Check EXPORT_METADATA_TABLE, EXPORT_METADATA_KEY and EXPORT_METADATA_ATTRIBUTES, AWS_REGION, and that this process may describe and read the table.';

/** Of no export. */
const NO_JOB = { source: 'default', export_id: 'vachan-doctor' };

/** The table of the metadata: that it is there, has the keys that the settings say, and may be read. */
export function metadataCheck(environment: Environment): Check {
  return {
    name: NAME,
    todo: ADVICE,
    run: async () => {
      const settings = loadSettings(environment, EXPORT_METADATA_SETTINGS, pick(BASE_SETTINGS, 'AWS_REGION'));
      const shape = tableShape(settings);
      const { table, attributes } = shape;
      const client = createDynamoClient({ region: settings.AWS_REGION });
      try {
        const { Table } = await onDynamo({ table, operation: 'describe' }, () =>
          client.send(new DescribeTableCommand({ TableName: table })),
        );
        const keys = Table?.KeySchema?.map(({ AttributeName: name = '' }) => name) ?? [];
        const wanted = [attributes.pk, attributes.sk];
        if (keys.join() !== wanted.join()) {
          return [
            problem(
              NAME,
              `the keys of ${table} are ${keys.join(', ')}, expected ${wanted.join(', ')}`,
              ADVICE,
            ),
          ];
        }
        await createDynamoMetadata(client, shape, { graceMs: 0 }).find(NO_JOB, ['none']);
        const rows = Table?.ItemCount;
        return [ok(NAME, `${table} can be read${rows === undefined ? '' : `, about ${count(rows, 'row')}`}`)];
      } finally {
        client.destroy();
      }
    },
  };
}
