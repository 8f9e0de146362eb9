import fc from 'fast-check';
import { isPointer, valueAt } from '../../../../src/pipelines/exports/export-api/adapter/json-pointer.js';
import { nextCursor, pageRequest } from '../../../../src/pipelines/exports/export-api/adapter/paging.js';
import { requestUrl } from '../../../../src/pipelines/exports/export-api/adapter/request-url.js';
import type {
  Paging,
  SourceShape,
} from '../../../../src/pipelines/exports/export-api/adapter/source-shape.js';
import { createCursorGuard } from '../../../../src/pipelines/exports/export-api/cursor-guard.js';
import { V1_SHAPE } from '../../../../src/pipelines/exports/export-api/v1-shape.js';

describe('a JSON pointer', () => {
  it('leads to what lies on its way, whatever the names', () => {
    const names = fc.array(fc.oneof(fc.string(), fc.constantFrom('~', '/', '', '__proto__', 'length')), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(names, fc.jsonValue(), (path, value) => {
        let root: unknown = value;
        for (const name of path.toReversed())
          root = JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(root)}}`);
        const pointer = path.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
        expect(isPointer(pointer)).toBe(true);
        expect(valueAt(root, pointer)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('finds nothing that was not sent', () => {
    const root = JSON.parse('{"a":[1,2],"b":"text"}') as unknown;
    for (const pointer of [
      '/a/length',
      '/a/-',
      '/a/01',
      '/a/2',
      '/b/0',
      '/b/length',
      '/toString',
      '/__proto__',
    ]) {
      expect(valueAt(root, pointer)).toBeUndefined();
    }
    expect(valueAt(root, '')).toBe(root);
    expect([isPointer('a'), isPointer('/~2'), isPointer('/~')]).toEqual([false, false, false]);
  });
});

/** Pages through files that a server has in pages of `size`, as an adapter of this paging would. */
function pageThrough(
  files: number,
  size: number,
  paging: Paging,
  answer: (from: number, count: number) => { root?: object; headers?: Record<string, string> },
): number[] {
  const shape: SourceShape['files'] = { ...V1_SHAPE.files, paging };
  const read: number[] = [];
  const guard = createCursorGuard();
  let cursor: string | undefined;
  do {
    const request = pageRequest(shape, cursor);
    const query =
      'relative' in request
        ? new URL(request.relative, 'https://a').searchParams
        : new URLSearchParams(request.query);
    const from =
      paging.type === 'page'
        ? (Number(query.get('page')) - paging.first) * size
        : Number(query.get('offset') ?? query.get('c') ?? 0);
    const items = Array.from(
      { length: Math.max(0, Math.min(size, files - from)) },
      (_, index) => from + index,
    );
    read.push(...items);
    const { root = {}, headers = {} } = answer(from, items.length);
    const at = {
      answer: { where: 'x', root, lenient: true },
      headers,
      url: new URL('https://a/f'),
      files: items.length,
      cursor,
    };
    cursor = nextCursor(paging, at);
    guard.see({ files: items.map((item) => ({ id: String(item), name: 'n' })), next: cursor });
  } while (cursor !== undefined);
  return read;
}

describe('paging', () => {
  const next = (from: number, count: number, files: number): number | null =>
    from + count < files ? from + count : null;

  it('reads every file once, by each kind of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 }), (files, size) => {
        const all = Array.from({ length: files }, (_, index) => index);
        const pages = Math.max(1, Math.ceil(files / size));
        const kinds: [
          Paging,
          (from: number, count: number) => { root?: object; headers?: Record<string, string> },
        ][] = [
          [
            { type: 'cursor', parameter: 'c', next: '/n', always_there: true },
            (f, c) => ({ root: { n: next(f, c, files) } }),
          ],
          [
            { type: 'header', header: 'x-next', parameter: 'c', end: ['null'] },
            (f, c) => ({ headers: { 'x-next': String(next(f, c, files)) } }),
          ],
          [
            { type: 'next_link', next: '/n' },
            (f, c) => ({ root: next(f, c, files) === null ? {} : { n: `?c=${next(f, c, files)}` } }),
          ],
          [
            { type: 'link_header' },
            (f, c) => {
              const links = [
                '<https://a/f?x=1,2;y>; title="a, b"; rel=prev',
                '<https://a/f>; rel="first last"',
                '<https://a/f?c=0>; title="; rel=next"; rel=start',
              ];
              if (next(f, c, files) !== null)
                links.push(`<https://a/f?c=${next(f, c, files)}>; rel="up next"`);
              return { headers: { link: links.join(', ') } };
            },
          ],
          [{ type: 'page', parameter: 'page', first: 1 }, () => ({})],
          [{ type: 'page', parameter: 'page', first: 0, total_pages: '/t' }, () => ({ root: { t: pages } })],
          [
            { type: 'page', parameter: 'page', first: 1, more: '/m' },
            (f, c) => ({ root: { m: f + c < files } }),
          ],
          [{ type: 'offset', parameter: 'offset' }, () => ({})],
          [{ type: 'offset', parameter: 'offset', total: '/t' }, () => ({ root: { t: String(files) } })],
        ];
        for (const [paging, answer] of kinds) expect(pageThrough(files, size, paging, answer)).toEqual(all);
      }),
    );
  });

  it('follows a next link within the origin alone', () => {
    const at = (link: string) => ({
      ...{ answer: { where: 'The API', root: { n: link }, lenient: true }, headers: {} },
      ...{ url: new URL('https://a/f'), files: 1, cursor: undefined },
    });
    const paging: Paging = { type: 'next_link', next: '/n' };
    expect(nextCursor(paging, at('https://a/g?x=1'))).toBe('/g?x=1');
    expect(() => nextCursor(paging, at('https://b/g?sig=secret'))).toThrow(
      'The API: the next link leads to https://b, expected https://a or a relative link.',
    );
    expect(() => nextCursor(paging, at('//user@b/g'))).toThrow('leads to https://b');
    expect(() => nextCursor(paging, at('ftp://a/g'))).toThrow('leads to');
    // What a server says of itself behind a proxy that ends TLS; the call goes to the base by https.
    expect(nextCursor(paging, at('http://a/g?x=1'))).toBe('/g?x=1');
    expect(() => nextCursor(paging, at('http://a:8080/g'))).toThrow('leads to http://a:8080');
  });
});

describe('a path with ids', () => {
  it('has each id as one segment, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (id) => {
        fc.pre(id !== '.' && id !== '..');
        const url = requestUrl(new URL('https://a/base/'), '/x/{id}/y', { id });
        const [, base, x, segment, y, ...more] = url.pathname.split('/');
        expect([base, x, decodeURIComponent(segment!), y, more]).toEqual(['base', 'x', id, 'y', []]);
      }),
    );
  });

  it.each([
    ['/x/{id}', '.'],
    ['/x/{id}', '..'],
    ['/x/{id}?all=1', '..'],
    ['/x/.{id}', '.'],
    ['/x/%2e{id}/y', '.'],
  ])('refuses %s with the id %s, which would lead to another path', (template, id) => {
    expect(() => requestUrl(new URL('https://a'), template, { id })).toThrow('An id of . or .. cannot');
  });

  it.each([
    ['/x/{id}', '%2e', '/x/%252e'],
    ['/x/{id}', '%2E%2E', '/x/%252E%252E'],
    ['/x/{id}', '...', '/x/...'],
    ['/x/{id}', '../y', '/x/..%2Fy'],
    ['/x/{id}', '..\\y', '/x/..%5Cy'],
    ['/x/job-{id}', '..', '/x/job-..'],
    ['/x?id={id}', '..', '/x?id=..'],
  ])('asks by %s for the id %s itself', (template, id, expected) => {
    const { pathname, search } = requestUrl(new URL('https://a'), template, { id });
    expect(pathname + search).toBe(expected);
  });
});

describe('the guard of a listing', () => {
  const page = (next: string, ids: string[] = []) => ({ files: ids.map((id) => ({ id, name: id })), next });

  it('notices any circle of cursors within three times its length, also over activities', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 150 }), fc.integer({ min: 1, max: 150 }), (before, circle) => {
        let guard = createCursorGuard();
        let seen = 0;
        const most = 3 * (before + circle) + 3;
        expect(() => {
          for (; seen <= most; seen++) {
            const at = seen < before ? seen : before + ((seen - before) % circle);
            guard.see(page(`c${at}`));
            guard = createCursorGuard(
              JSON.parse(JSON.stringify(guard.state())) as ReturnType<typeof guard.state>,
            );
          }
        }).toThrow("The listing's cursor repeats");
        expect(seen).toBeGreaterThanOrEqual(before + circle);
        expect(JSON.stringify(guard.state()).length).toBeLessThan(1_000);
      }),
      { numRuns: 30 },
    );
  });

  it('notices empty pages without end', () => {
    const guard = createCursorGuard();
    for (let index = 0; index < 1_000; index++) guard.see(page(`e${index}`));
    expect(() => guard.see(page('e'))).toThrow('an empty page 1001 times');
  });

  it('notices a repeated cursor at once among the latest', () => {
    const guard = createCursorGuard();
    guard.see(page('a'));
    guard.see(page('b'));
    expect(() => guard.see(page('a'))).toThrow('repeats after 3 pages');
  });

  it('takes empty pages and a file that comes twice, and not one page without end', () => {
    const guard = createCursorGuard();
    for (let index = 0; index < 50; index++) guard.see(page(`e${index}`));
    for (let index = 0; index < 10; index++) guard.see(page(`f${index}`, ['one']));
    expect(() => guard.see(page('f10', ['one']))).toThrow('the same page 11 times');
  });
});
