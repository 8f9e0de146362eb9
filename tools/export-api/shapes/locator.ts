import { bearer, defined, numberOf, type Shape } from './shape.js';
import { statedSize } from './v1.js';

const STATES = {
  queued: 'UploadComplete',
  processing: 'InProgress',
  ready: 'JobComplete',
  failed: 'Failed',
  expired: 'Aborted',
  cancelled: 'Aborted',
} as const;

/**
 * After Salesforce's Bulk API 2.0: states of its own, the next page's locator in a header that says `null` at the end,
 * and a token from OAuth2 client credentials. https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/query_get_job_results.htm
 */
export const locator: Shape = {
  read(method, path, query) {
    if (method === 'POST' && path.join('/') === 'services/oauth2/token') return { kind: 'token' };
    const [services, data, , jobs, kind, exportId, part, fileId, ...more] = path;
    const known = services === 'services' && data === 'data' && jobs === 'jobs' && kind === 'query';
    if (!known || method !== 'GET' || exportId === undefined || more.length > 0) return undefined;
    if (part === undefined) return { kind: 'status', exportId };
    if (part !== 'results') return undefined;
    if (fileId !== undefined) return { kind: 'file', exportId, fileId };
    const from = query.get('locator');
    return {
      ...{ kind: 'files', exportId, limit: numberOf(query, 'maxRecords', 500) },
      ...(from !== null && { from }),
    };
  },
  authorized: (headers, { token }) => bearer(headers) === token,
  status: (view) => ({
    json: defined({
      id: view.id,
      operation: 'query',
      state: STATES[view.state],
      createdDate: view.createdAt.replace('Z', '+0000'),
      numberRecordsProcessed: view.fileCount,
      errorMessage: view.error?.message,
    }),
  }),
  page: (page) => ({
    json: page.files.map((file) =>
      defined({
        Id: file.id,
        Title: file.name,
        ContentSize: statedSize(file),
        Checksum: file.checksum?.value,
      }),
    ),
    headers: { 'sforce-locator': page.next ?? 'null', 'sforce-numberofrecords': String(page.files.length) },
  }),
  file: (file, link) => ({ json: { Id: file.id, VersionDataUrl: link.url } }),
};
