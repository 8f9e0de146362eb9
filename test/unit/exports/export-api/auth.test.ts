import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { oauthAuth } from '../../../../src/pipelines/exports/export-api/client/oauth-token.js';
import { createHttpCaller } from '../../../../src/pipelines/exports/export-api/client/http-call.js';
import { fixedSecret, secretInFile } from '../../../../src/pipelines/exports/export-api/client/secret.js';
import { startApi, type ApiServer, type Scripted } from './api-server.js';

describe('OAuth2 client credentials', () => {
  let api: ApiServer;
  const caller = createHttpCaller({ timeoutMs: 5_000 });
  afterEach(() => api.close());
  afterAll(() => caller.close());

  async function auth(change: object, ...answers: Scripted[]) {
    api = await startApi(...answers);
    return oauthAuth(
      'The API',
      {
        ...{
          tokenUrl: new URL(`${api.origin}/token`),
          clientId: 'me&',
          clientSecret: fixedSecret('s+ecret'),
        },
        ...{ credentialsIn: 'header' as const, scope: 'read', ...change },
      },
      caller,
    );
  }
  const token = (text: string, seconds = 3600): Scripted => ({
    json: { access_token: text, token_type: 'Bearer', expires_in: seconds },
  });

  it('asks once for all who wait, and again only after a refusal', async () => {
    const made = await auth({}, token('one'), token('two'));
    const all = await Promise.all([made.headers(), made.headers(), made.headers()]);
    expect(all.map(({ authorization }) => authorization)).toEqual(Array(3).fill('Bearer one'));
    expect(api.requests).toHaveLength(1);
    const [{ headers, body }] = api.requests as [ApiServer['requests'][number]];
    expect(headers.authorization).toBe(`Basic ${Buffer.from('me%26:s%2Becret').toString('base64')}`);
    expect(body).toBe('grant_type=client_credentials&scope=read');
    expect(made.refused({ authorization: 'Bearer one' })).toBe(true);
    expect(await made.headers()).toEqual({ authorization: 'Bearer two' });
    // Another call's refusal of the token before says nothing of this one.
    made.refused({ authorization: 'Bearer one' });
    expect(await made.headers()).toEqual({ authorization: 'Bearer two' });
  });

  it('puts the credentials into the form where the provider wants them there', async () => {
    const made = await auth({ credentialsIn: 'body', scope: undefined, audience: 'a' }, token('one'));
    await made.headers();
    expect(api.requests[0]!.headers.authorization).toBeUndefined();
    expect(Object.fromEntries(new URLSearchParams(api.requests[0]!.body))).toEqual({
      grant_type: 'client_credentials',
      audience: 'a',
      client_id: 'me&',
      client_secret: 's+ecret',
    });
  });

  it.each([null, '3600', 3600])('takes a life of %j', async (expires_in) => {
    const made = await auth({}, { json: { access_token: 'one', expires_in } }, token('two'));
    await made.headers();
    expect(await made.headers()).toEqual({ authorization: 'Bearer one' });
  });

  it.each<[Scripted, string]>([
    [
      { status: 400, json: { error: 'invalid_client' } },
      'The token endpoint of The API answers 400 invalid_client, expected',
    ],
    [
      { status: 400, json: { error: 'The secret is wrong' } },
      'The token endpoint of The API answers 400, expected',
    ],
    [
      { status: 302, headers: { location: 'https://secret' } },
      'The token endpoint of The API answers 302, expected',
    ],
    [{ json: { token: 'secret' } }, '/access_token is wrong'],
    [{ text: 'secret' }, 'no JSON object'],
  ])('says what the token endpoint answers, and shows nothing of it', async (answer, message) => {
    const made = await auth({}, answer);
    const error = await made.headers().then(
      () => new Error('a token'),
      (caught: unknown) => caught as Error,
    );
    expect(error).toMatchObject({ retryable: true });
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('secret');
  });
});

describe('a secret in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vachan-secret-'));
  const path = join(folder, 'token');
  afterAll(() => rmSync(folder, { recursive: true }));
  afterEach(() => jest.restoreAllMocks());
  const later = (seconds: number): void => {
    const now = performance.now();
    jest.spyOn(performance, 'now').mockReturnValue(now + seconds * 1000);
  };

  it('is read again when it has changed, and stays while it is exchanged', () => {
    writeFileSync(path, 'one\n');
    const secret = secretInFile(path, 'auth.token of source a');
    expect(secret()).toBe('one');
    writeFileSync(path, 'two');
    later(11);
    expect(secret()).toBe('two');
    rmSync(path);
    later(22);
    expect(secret()).toBe('two');
  });

  it('is refused by name when it cannot be read or holds more than a line', () => {
    expect(() => secretInFile(join(folder, 'none'), 'auth.key of source a')).toThrow(
      /auth\.key of source a names the file ".*", which cannot be read: ENOENT/,
    );
    writeFileSync(path, 'a\nb\n');
    expect(() => secretInFile(path, 'x')).toThrow('it holds nothing, or more than one line');
  });
});
