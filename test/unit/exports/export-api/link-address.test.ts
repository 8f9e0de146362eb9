import { CONTENT, FILE, JOB, startLinkServer, useLinkServer, type LinkServer } from './link-server.js';

describe('where a link leads', () => {
  const given = useLinkServer();
  const { opener, always, closers } = given;
  let server: LinkServer;
  beforeEach(() => {
    ({ server } = given);
  });

  it('takes the headers of a link to its own origin alone', async () => {
    const other = await startLinkServer(CONTENT);
    closers.push(() => other.close());
    server.fault = (_, response) => {
      response.writeHead(302, { location: other.url }).end();
      return true;
    };
    const made = opener([server, other], () => ({ url: server.url, headers: { authorization: 'Bearer b' } }));
    const file = await made.open(JOB, FILE);
    await file.read(0, 10);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer b']);
    expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
  });

  it.each([
    ['plain http', 'http://example.org/x', [], 'expected https'],
    ['a private address', 'https://10.0.0.1/x', [], 'not on a public network'],
    ['a private address of IPv6', 'https://[::1]/x', [], 'not on a public network'],
    ['a name of a private address', 'https://localhost/x', [], 'not on a public network'],
    ['a user name', 'https://u:p@example.org/x', [], 'holds a user name'],
    [
      'a host that is not allowed',
      'https://a.example.org/x',
      ['b.example.org', '*.a.example.org'],
      'none that is allowed',
    ],
  ])('refuses a link to %s', async (_, url, allowedHosts, message) => {
    const made = opener([server], () => ({ url: `${url}?sig=secret` }), { allowedHosts });
    const error: Error = await made.open(JOB, FILE).then(
      () => new Error('it opened'),
      (caught: unknown) => caught as Error,
    );
    expect(error).toMatchObject({ name: 'FileRefused', reason: 'link_refused' });
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('secret');
  });

  it('refuses a redirect to a private address', async () => {
    server.fault = (_, response) => {
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end();
      return true;
    };
    await expect(opener([server], always).open(JOB, FILE)).rejects.toMatchObject({ reason: 'link_refused' });
  });
});
