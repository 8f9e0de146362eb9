import type { ServedFile } from '../catalogue.js';
import { bearer, defined, numberOf, type Link, type Shape } from './shape.js';

/** The default contract. */
export const v1: Shape = {
  read(method, path, query) {
    const [version, exports, exportId, part, fileId, ...more] = path;
    if (version !== 'v1' || exports !== 'exports' || exportId === undefined || more.length > 0)
      return undefined;
    if (method === 'POST')
      return part === 'acknowledgement' && fileId === undefined
        ? { kind: 'acknowledgement', exportId }
        : undefined;
    if (method !== 'GET') return undefined;
    if (part === undefined) return { kind: 'status', exportId };
    if (part !== 'files') return undefined;
    if (fileId !== undefined) return { kind: 'file', exportId, fileId };
    const cursor = query.get('cursor');
    return {
      ...{ kind: 'files', exportId, limit: numberOf(query, 'limit', 1000) },
      ...(cursor !== null && { from: cursor }),
    };
  },
  authorized: (headers, { token }) => bearer(headers) === token,
  status: (view) => ({
    json: defined({
      id: view.id,
      state: view.state,
      created_at: view.createdAt,
      ready_at: view.readyAt,
      expires_at: view.expiresAt,
      file_count: view.fileCount,
      total_bytes: view.totalBytes,
      poll_after_seconds: view.pollAfterSeconds,
      error: view.error,
    }),
  }),
  page: (page, _call, link) => ({
    json: { files: page.files.map((file) => fileJson(file, link(file))), next_cursor: page.next ?? null },
  }),
  file: (file, link) => ({ json: fileJson(file, link) }),
};

function fileJson(file: ServedFile, link: Link | undefined): object {
  return defined({
    id: file.id,
    name: file.name,
    size: statedSize(file),
    checksum: file.checksum,
    entry_count: file.entryCount,
    modified_at: file.modifiedAt,
    download: link && {
      url: link.url,
      expires_at: link.expiresAt,
      ...(link.headers && { headers: link.headers }),
    },
  });
}

export function statedSize(file: ServedFile): number | undefined {
  return file.size === null ? undefined : (file.size ?? file.content.size);
}
