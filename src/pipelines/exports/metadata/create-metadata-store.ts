import type { SettingsOf } from '../../../platform/config/settings-table.js';
import type { AWS_SETTINGS } from '../../../platform/config/settings/aws-settings.js';
import type { EXPORT_METADATA_SETTINGS } from '../settings/storage-settings.js';
import { createDynamoClient } from './dynamo-client.js';
import { createDynamoMetadata } from './dynamo-metadata.js';
import type { MetadataStore } from './metadata-store.js';
import { tableShape } from './table-shape.js';

export type MetadataSettings = SettingsOf<typeof EXPORT_METADATA_SETTINGS> &
  Pick<SettingsOf<typeof AWS_SETTINGS>, 'AWS_REGION'>;

/** The table that the settings name; it is reached when it is first asked. @throws ConfigurationError */
export function createMetadataStore(settings: MetadataSettings): MetadataStore {
  const shape = tableShape(settings);
  return createDynamoMetadata(createDynamoClient({ region: settings.AWS_REGION }), shape, {
    graceMs: settings.EXPORT_METADATA_GRACE * 1000,
  });
}
