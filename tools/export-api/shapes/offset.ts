import { defined, numberOf, type Shape } from './shape.js';
import { statedSize } from './v1.js';

const STATES = {
  queued: 'PENDING',
  processing: 'PENDING',
  ready: 'DONE',
  failed: 'ERROR',
  expired: 'GONE',
  cancelled: 'ABORTED',
} as const;

/** As many older APIs: an offset and a total, basic authentication, and a link from a path of its own. */
export const offset: Shape = {
  read(method, path, query) {
    const [api, exports, exportId, part, fileId, url, ...more] = path;
    if (api !== 'api' || exports !== 'export' || method !== 'GET') return undefined;
    if (exportId === undefined || more.length > 0) return undefined;
    if (part === undefined) return { kind: 'status', exportId };
    if (part !== 'documents') return undefined;
    if (fileId !== undefined) return url === 'url' ? { kind: 'file', exportId, fileId } : undefined;
    return {
      ...{ kind: 'files', exportId },
      ...{ limit: numberOf(query, 'limit', 50), from: numberOf(query, 'offset', 0) },
    };
  },
  authorized: (headers, { clientId, clientSecret }) =>
    headers.authorization === `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
  status: (view) => ({
    json: { data: { export: view.id, status: STATES[view.state] }, errors: view.error ? [view.error] : [] },
  }),
  page: (page, { from }) => ({
    json: {
      data: {
        documents: page.files.map((file) =>
          defined({
            doc: Number.isInteger(Number(file.id)) ? Number(file.id) : file.id,
            title: file.name,
            bytes: statedSize(file),
          }),
        ),
        pagination: { offset: from ?? 0, count: page.files.length, total: page.total },
      },
    },
  }),
  file: (_file, link) => ({ json: { data: { href: link.url, valid_until: link.expiresAt } } }),
};
