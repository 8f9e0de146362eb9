import { namesHost } from '../../../../src/objects/named-host.js';

describe('a list of hosts', () => {
  it.each([
    ['API.internal', 'https://api.internal/x', true],
    ['api.internal:443', 'https://api.internal/x', true],
    ['api.internal:443', 'http://api.internal/x', false],
    ['api.internal:80', 'http://api.internal/x', true],
    ['api.internal', 'http://api.internal:8080/x', false],
    ['[::1]:9000', 'http://[::1]:9000/x', true],
    ['internal', 'https://api.internal/x', false],
  ])('%s names %s: %s', (host, url, named) => {
    expect(namesHost(['other', host], new URL(url))).toBe(named);
  });
});
