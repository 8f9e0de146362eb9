import { defined, numberOf, type Shape } from './shape.js';
import { statedSize } from './v1.js';

const STATES = {
  queued: 'notStarted',
  processing: 'running',
  ready: 'succeeded',
  failed: 'failed',
  expired: 'failed',
  cancelled: 'cancelled',
} as const;

/** After Microsoft Graph: a link to the next page in the body, a key in a header, and each file's link in the listing. */
export const nextLink: Shape = {
  read(method, path, query) {
    const [version, exports, exportId, part, fileId, ...more] = path;
    if (version !== 'beta' || exports !== 'exportJobs' || method !== 'GET') return undefined;
    if (exportId === undefined || more.length > 0) return undefined;
    if (part === undefined) return { kind: 'status', exportId };
    if (part !== 'items') return undefined;
    if (fileId !== undefined) return { kind: 'file', exportId, fileId };
    const from = query.get('$skiptoken');
    return {
      ...{ kind: 'files', exportId, limit: numberOf(query, '$top', 100) },
      ...(from !== null && { from }),
    };
  },
  authorized: (headers, { token }) => headers['x-api-key'] === token,
  status: (view) => ({
    json: {
      id: view.id,
      createdDateTime: view.createdAt,
      result: { status: STATES[view.state], items: view.fileCount },
    },
  }),
  page: (page, { exportId = '', limit }, link, origin) => {
    const next = new URL(`/beta/exportJobs/${encodeURIComponent(exportId)}/items`, origin);
    if (limit !== undefined) next.searchParams.set('$top', String(limit));
    if (page.next !== undefined) next.searchParams.set('$skiptoken', page.next);
    return {
      json: {
        value: page.files.map((file) =>
          defined({
            id: file.id,
            name: file.name,
            size: statedSize(file),
            '@microsoft.graph.downloadUrl': link(file)?.url,
          }),
        ),
        ...(page.next !== undefined && { '@odata.nextLink': next.href }),
      },
    };
  },
  file: (file, link) => ({ json: { id: file.id, '@microsoft.graph.downloadUrl': link.url } }),
};
