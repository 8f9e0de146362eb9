import { requestGuard } from '../../../../src/pipelines/recordings/review/server/guard.js';

const guard = requestGuard('the-token', () => '127.0.0.1:4711');
const asked = (url: string, headers: Record<string, string> = {}): number | undefined =>
  guard({ url, headers: { host: '127.0.0.1:4711', ...headers } })?.status;

describe('the guard of a review', () => {
  test("lets the reviewer's browser through", () => {
    expect(asked('/the-token/')).toBeUndefined();
    expect(asked('/the-token/state', { 'sec-fetch-site': 'same-origin' })).toBeUndefined();
    // The address was typed, or opened from the terminal.
    expect(asked('/the-token/', { 'sec-fetch-site': 'none' })).toBeUndefined();
    expect(
      asked('/the-token/', { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' }),
    ).toBeUndefined();
    expect(asked('/the-token/finish', { origin: 'http://127.0.0.1:4711' })).toBeUndefined();
  });

  test.each([
    '/',
    '',
    '/the-toke/',
    '/the-token2/',
    '/THE-TOKEN/',
    '//the-token/',
    '/?the-token',
    '/x/the-token/',
  ])('refuses %p, which has no token', (url) => expect(asked(url)).toBe(404));

  test.each(['evil.example:4711', 'localhost:4711', '127.0.0.1', '127.0.0.1:80', '[::1]:4711', ''])(
    'refuses the host %p, with the token too',
    (host) => expect(asked('/the-token/', { host })).toBe(403),
  );

  test.each([
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:4712' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'iframe' },
  ])('refuses what another page sends: %p', (headers) => expect(asked('/the-token/', headers)).toBe(403));

  test('does not repeat what it was given', () => {
    const { message } = guard({ url: '/secret-guess/', headers: { host: '127.0.0.1:4711' } })!;
    expect(message).not.toContain('secret-guess');
  });
});
