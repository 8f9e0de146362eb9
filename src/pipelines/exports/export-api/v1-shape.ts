import { EXPORT_STATES } from './export-source.js';
import type { SourceShape } from './adapter/source-shape.js';

/** The default contract, version 1 (docs/exports-api.md), written as an adapter: one code reads all APIs. */
export const V1_SHAPE: SourceShape = {
  values: 'strict',
  status: {
    path: '/v1/exports/{export_id}',
    id: '/id',
    state: '/state',
    states: Object.fromEntries(EXPORT_STATES.map((state) => [state, state])),
    created_at: '/created_at',
    expires_at: '/expires_at',
    file_count: '/file_count',
    total_bytes: '/total_bytes',
    poll_after_seconds: '/poll_after_seconds',
    error_code: '/error/code',
    error_message: '/error/message',
    not_found: 'export_unknown',
  },
  files: {
    path: '/v1/exports/{export_id}/files',
    items: '/files',
    id: '/id',
    name: '/name',
    size: '/size',
    checksum: { algorithm: '/checksum/algorithm', value: '/checksum/value' },
    entry_count: '/entry_count',
    modified_at: '/modified_at',
    // Without the field a truncated answer would end the listing early, and files would be lost unseen.
    paging: { type: 'cursor', parameter: 'cursor', next: '/next_cursor', always_there: true },
    page_size: 1000,
    page_size_parameter: 'limit',
    not_found: 'export_unknown',
  },
  link: {
    from: 'endpoint',
    path: '/v1/exports/{export_id}/files/{file_id}',
    url: '/download/url',
    expires_at: '/download/expires_at',
    headers: '/download/headers',
    not_found: 'gone',
  },
  acknowledge: { path: '/v1/exports/{export_id}/acknowledgement' },
};
