import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAdapters } from '../../../../src/pipelines/exports/export-api/adapter/load-adapters.js';
import { createExportSources } from '../../../../src/pipelines/exports/export-api/sources.js';
import { EXPORT_API_SETTINGS } from '../../../../src/pipelines/exports/settings/api-settings.js';
import { loadSettings } from '../../../../src/platform/config/load-settings.js';
import { sourcesAt, startApi } from './api-server.js';
import { DOCUMENTED_ADAPTERS } from './documented-adapters.js';

describe('an adapter file', () => {
  const broken =
    (change: (text: string) => string): (() => unknown) =>
    () =>
      parseAdapters(change(DOCUMENTED_ADAPTERS), 'apis.yaml');

  it.each<[string, string, string]>([
    ['items: /value', 'items: value', 'sources.graph.files.items is "value": expected a JSON pointer'],
    ['type: offset', 'type: offsets', 'sources.archive.files.paging.type is "offsets"'],
    ['DONE: ready', 'DONE: done', 'sources.archive.status.states.DONE is "done": Invalid option'],
    ['page_size: 50\n', 'page_size: 5000\n', 'sources.archive.files.page_size is 5000'],
    ['name: /Title', 'names: /Title', 'sources.bulk.files.name is nothing'],
    [
      'base_url: https://graph.example.org',
      'base_url: graph',
      'sources.graph.base_url is "graph": expected an http',
    ],
    [
      '{ secret: graph_key }',
      'k3y-in-the-file',
      'sources.graph.auth.key is (not shown, as it may be a secret)',
    ],
    ['/items\n      items', '/{id}\n      items', 'expected no other placeholders than {export_id}'],
    ['path: /export/{export_id}\n', 'path: /export/../{export_id}\n', 'segments of dots'],
    ['path: /export/{export_id}\n', "path: '/export#{export_id}'\n", 'a path without #'],
    ['contract: v1', 'contract: v2', 'sources.second.contract is "v2"'],
    ['version: 1', 'version: 2', 'version is 2'],
    ['  second:', '  Second!:', '"Second!" is no source name'],
    ['  bulk:', '  graph:', 'no YAML (DUPLICATE_KEY)'],
    ['version: 1', 'version: *one', 'no YAML: an alias (*name) is of no anchor'],
    ['jobs/query/{export_id}', 'jobs/query/{export_id', 'expected no other placeholders than {export_id}'],
    [
      '{ type: api_key, header: X-Api-Key, key: { secret: graph_key } }',
      'k3y-in-the-file',
      'sources.graph.auth is (not shown',
    ],
    [
      'https://graph.example',
      'https://me:k3y-in-the-file@graph.example',
      'base_url is "https://graph.example.org": expected an http',
    ],
    [
      'graph.example.org\n',
      'graph.example.org?k3y-in-the-file\n',
      'base_url is "https://graph.example.org": expected an http',
    ],
    [
      '    auth: { type: api_key',
      '    k3y: { in-the-file: k3y-in-the-file }\n    auth: { type: api_key',
      'sources.graph is an object: Unrecognized key: "k3y"',
    ],
  ])('with %j as %j is refused, by field', (was, is, message) => {
    expect(DOCUMENTED_ADAPTERS).toContain(was);
    const parse = broken((text) => text.replace(was, is));
    expect(parse).toThrow('The adapter file apis.yaml (EXPORT_API_ADAPTER) cannot be used:');
    expect(parse).toThrow(message);
    expect(parse).not.toThrow('k3y-in-the-file');
  });

  it.each([
    [
      'a secret that is not there',
      { EXPORT_API_SECRETS: '{}' },
      'names the secret "bulk_secret", which EXPORT_API_SECRETS',
    ],
    [
      'secrets that are no texts',
      { EXPORT_API_SECRETS: '{"a": 1}' },
      'EXPORT_API_SECRETS is (a secret, not shown)',
    ],
    ['a source that is named twice', { EXPORT_API_URL: 'https://x.example.org' }, 'described twice'],
  ])('is refused with %s', (_, environment, message) => {
    const folder = mkdtempSync(join(tmpdir(), 'vachan-adapter-'));
    const path = join(folder, 'a.yaml');
    writeFileSync(path, DOCUMENTED_ADAPTERS.replace('  second:', '  default:'));
    const secrets = {
      EXPORT_API_SECRETS: '{"bulk_secret":"a","graph_key":"b","archive_password":"c","second_token":"d"}',
    };
    const settings = loadSettings(
      { EXPORT_API_ADAPTER: path, ...secrets, ...environment },
      EXPORT_API_SETTINGS,
    );
    const create = (): unknown => createExportSources(settings);
    if ('EXPORT_API_URL' in environment) expect(create).toThrow('keep one of them');
    else expect(create).toThrow(message);
    rmSync(folder, { recursive: true });
  });

  it('sends credentials to its own host, whatever the path of a next link looks like', async () => {
    const [api, other] = [await startApi({ json: {} }), await startApi({ json: {} })];
    const folder = mkdtempSync(join(tmpdir(), 'vachan-adapter-'));
    const path = join(folder, 'a.yaml');
    writeFileSync(
      path,
      `version: 1
sources:
  one:
    base_url: ${api.origin}
    auth: { type: bearer, token: { secret: a } }
    status: { path: '/{export_id}', state: /s, states: {} }
    files: { path: '/{export_id}', items: /f, id: /i, name: /n, paging: { type: next_link, next: /next } }
    link: { from: path, path: '/{file_id}' }
`,
    );
    const sources = sourcesAt(api, {
      ...{ EXPORT_API_URL: '', EXPORT_API_TOKEN: '', EXPORT_API_ADAPTER: path },
      EXPORT_API_SECRETS: '{"a":"token"}',
    });
    try {
      api.answers = [{ json: { f: [], next: `${api.origin}//${other.host}/x` } }, { json: { f: [] } }];
      const first = await sources.of('one').page('e', undefined);
      await expect(sources.of('one').page('e', first.next)).resolves.toEqual({ files: [], next: undefined });
      expect(api.requests.map(({ url }) => url)).toEqual(['/e', `//${other.host}/x`]);
      expect(other.requests).toEqual([]);
    } finally {
      sources.close();
      await Promise.all([api.close(), other.close()]);
      rmSync(folder, { recursive: true });
    }
  });

  it('may name plain http only where EXPORT_PRIVATE_HOSTS does', () => {
    const settings = loadSettings({ EXPORT_API_URL: 'http://api.internal:8080' }, EXPORT_API_SETTINGS);
    expect(() => createExportSources(settings)).toThrow(
      'base_url of source default is http://api.internal:8080, expected https',
    );
  });

  it.each([
    'https://u:secret@api.example.org',
    'https://api.example.org/?key=secret',
    'https://api.example.org/#secret',
  ])('takes no address that holds more than where the API is: %s', (EXPORT_API_URL) => {
    const create = (): unknown => createExportSources(loadSettings({ EXPORT_API_URL }, EXPORT_API_SETTINGS));
    expect(create).toThrow('EXPORT_API_URL has a user, a query or a fragment (not shown)');
    expect(create).not.toThrow('secret');
  });

  it('or EXPORT_API_URL must be there', () => {
    expect(() => createExportSources(loadSettings({}, EXPORT_API_SETTINGS))).toThrow(
      'No Export API is named',
    );
  });
});
