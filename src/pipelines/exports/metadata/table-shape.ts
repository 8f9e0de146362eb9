import { ConfigurationError } from '../../../platform/errors.js';
import { preview } from '../../../platform/text/printable.js';
import type { JobRef } from '../contract/job-ref.js';

/** Fields of a row, each with the attribute that it is in. */
const FIELDS = ['pk', 'sk', 'size', 'crc32', 'md5', 'sha256', 'target_key', 'content_type'] as const;
export type RowField = (typeof FIELDS)[number];

/** How the table is laid out. */
export interface TableShape {
  table: string;
  attributes: Readonly<Record<RowField, string>>;
  partitionKey(job: JobRef): string;
}

/** The settings' table. @throws ConfigurationError when they contradict one another */
export function tableShape(settings: {
  EXPORT_METADATA_TABLE: string;
  EXPORT_METADATA_KEY: string;
  EXPORT_METADATA_ATTRIBUTES: Readonly<Record<string, string>>;
}): TableShape {
  const { EXPORT_METADATA_KEY: template, EXPORT_METADATA_ATTRIBUTES: renamed } = settings;
  for (const field of Object.keys(renamed)) {
    if (!(FIELDS as readonly string[]).includes(field)) {
      throw new ConfigurationError(
        `EXPORT_METADATA_ATTRIBUTES has ${preview(field, 60)}, expected one of ${FIELDS.join(', ')}.`,
      );
    }
  }
  const placeholders = [...template.matchAll(/<([^>]*)>/g)].map(([, name]) => name!);
  const unknown = placeholders.find((name) => name !== 'source' && name !== 'export_id');
  if (unknown !== undefined || !placeholders.includes('export_id')) {
    throw new ConfigurationError(
      `EXPORT_METADATA_KEY is ${preview(template, 100)}, expected <export_id> and perhaps <source> as its placeholders.`,
    );
  }
  const attributes = Object.fromEntries(FIELDS.map((field) => [field, renamed[field] ?? field])) as Record<
    RowField,
    string
  >;
  if (new Set(Object.values(attributes)).size !== FIELDS.length) {
    throw new ConfigurationError('EXPORT_METADATA_ATTRIBUTES gives two fields one attribute.');
  }
  return {
    table: settings.EXPORT_METADATA_TABLE,
    attributes,
    // At once: a value that looks like a placeholder is not one.
    partitionKey: ({ source, export_id: exportId }) =>
      template.replaceAll(/<(source|export_id)>/g, (_, name) => (name === 'source' ? source : exportId)),
  };
}
