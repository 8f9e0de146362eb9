import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentOfBuffer } from '../../../../tools/export-api/content.js';
import type { ServedExport } from '../../../../tools/export-api/catalogue.js';
import type { ShapeName } from '../../../../tools/export-api/shapes/all-shapes.js';
import {
  startExportApi,
  type ExportApi,
  type ExportApiOptions,
} from '../../../../tools/export-api/start-export-api.js';
import type { ApiFile, ExportSource } from '../../../../src/pipelines/exports/export-api/export-source.js';
import { createExportSources } from '../../../../src/pipelines/exports/export-api/sources.js';
import { EXPORT_API_SETTINGS } from '../../../../src/pipelines/exports/settings/api-settings.js';
import { loadSettings } from '../../../../src/platform/config/load-settings.js';
import { DOCUMENTED_ADAPTERS } from './documented-adapters.js';

const FILES = Array.from({ length: 7 }, (_, index) => ({
  id: String(100 + index),
  name: `part ${index}.zip`,
  content: contentOfBuffer(Buffer.from(`content ${index}`)),
}));

describe.each<[string, ShapeName, ExportApiOptions]>([
  ['bulk', 'locator', {}],
  ['graph', 'next-link', {}],
  ['archive', 'offset', {}],
])('the adapter %s of the documentation', (name, shape, options) => {
  const folder = mkdtempSync(join(tmpdir(), 'vachan-adapter-'));
  let api: ExportApi;
  let source: ExportSource;
  let close: () => void;

  beforeEach(async () => {
    api = await startExportApi({ shape, ...options });
    const path = join(folder, 'apis.yaml');
    writeFileSync(
      path,
      DOCUMENTED_ADAPTERS.replaceAll(/https:\/\/(?:example\.my|graph|archive)\.[a-z.]+/g, api.url),
    );
    const sources = createExportSources(
      loadSettings(
        {
          EXPORT_API_ADAPTER: path,
          EXPORT_API_SECRETS: JSON.stringify({
            ...{ bulk_secret: 'secret', archive_password: 'secret' },
            ...{ graph_key: api.token, second_token: 'x' },
          }),
          EXPORT_API_MAX_RETRIES: '0',
          EXPORT_API_RATE: '1000',
          EXPORT_PRIVATE_HOSTS: new URL(api.url).host,
        },
        EXPORT_API_SETTINGS,
      ),
    );
    source = sources.of(name, 'c1');
    close = () => sources.close();
  });
  afterEach(async () => {
    close();
    await api.stop();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const add = (more: Partial<ServedExport> = {}): void =>
    api.add({ id: 'e 1', files: FILES, linksInListing: name === 'graph', ...more });

  async function list(): Promise<{ files: ApiFile[]; pages: number }> {
    const files: ApiFile[] = [];
    let pages = 0;
    let cursor: string | undefined;
    do {
      const page = await source.page('e 1', cursor);
      files.push(...page.files);
      pages++;
      cursor = page.next;
    } while (cursor !== undefined);
    return { files, pages };
  }

  it('reads states and all pages', async () => {
    add({ pageSize: 3, readyAfterPolls: 1 });
    expect((await source.status('e 1')).state).not.toBe('ready');
    expect((await source.status('e 1')).state).toBe('ready');
    const { files, pages } = await list();
    expect(files.map(({ id, name: title, size }) => [id, title, size])).toEqual(
      FILES.map(({ id, name: title, content }) => [id, title, content.size]),
    );
    expect(pages).toBe(3);
  });

  it('gives links that lead to the bytes, and a fresh one each time', async () => {
    add({ pageSize: 3 });
    const links = [await source.link('e 1', '105'), await source.link('e 1', '105')];
    for (const { url, headers } of links) {
      const answer = await fetch(url, { headers: { ...headers } });
      expect(await answer.text()).toBe('content 5');
    }
    expect(links[0]!.url).not.toBe(links[1]!.url);
    await expect(source.link('e 1', 'none')).rejects.toMatchObject({ name: 'FileRefused', reason: 'gone' });
  });

  it('takes a 404 for what it says', async () => {
    const unknown = source.status('none');
    if (name === 'archive') {
      await expect(unknown).resolves.toEqual({ state: 'queued' });
      await expect(source.page('none', undefined)).resolves.toEqual({ files: [], next: undefined });
    } else await expect(unknown).rejects.toMatchObject({ reason: 'export_unknown' });
  });
});
