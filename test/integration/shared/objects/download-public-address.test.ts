import type { RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Downloader } from '../../../../src/objects/download.js';
import { isRefusedAddress } from '../../../../src/objects/address-policy.js';
import type { AddressRules } from '../../../../src/objects/pinned-address.js';
import type { ObjectLocation } from '../../../../src/objects/location.js';
import { selfSigned } from '../../certificates.js';
import {
  content,
  openDownloads,
  closeServers,
  closeDownloads,
  downloader,
  newPath,
  listen,
  trustedServer,
  sendObject,
  sendStart,
  expectWhole,
} from './downloads.js';

beforeAll(openDownloads);
afterEach(closeServers);
afterAll(closeDownloads);

describe('an https address on the public network', () => {
  const { key, cert } = selfSigned('files.test');

  /** As if the test's server on loopback were public, and no other address were different. */
  function publicLoopback(resolve: AddressRules['resolve']): AddressRules {
    return { resolve, isRefused: (address) => address !== '127.0.0.1' && isRefusedAddress(address) };
  }
  const toLoopback: AddressRules['resolve'] = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);

  async function tlsServer(listener: RequestListener): Promise<(path?: string) => ObjectLocation> {
    const port = await listen(createTlsServer({ key, cert }, listener));
    return (path = '/a.wav') => ({
      kind: 'url',
      url: new URL(`https://files.test:${port}${path}`),
      trusted: false,
    });
  }

  function reader(resolve = toLoopback): Downloader {
    return downloader({ maxRetries: 1 }, { addressRules: publicLoopback(resolve), extraCa: cert });
  }

  test('is read, with redirects', async () => {
    const at = await tlsServer((request, response) => {
      if (request.url === '/moved.wav') response.writeHead(302, { location: '/a.wav' }).end();
      else sendObject(request, response);
    });
    const path = newPath();
    await reader().download(at('/moved.wav'), path);
    expectWhole(path);
  });

  test('whose certificate is another host’s is not read', async () => {
    const at = await tlsServer(sendObject);
    const location = at() as Extract<ObjectLocation, { kind: 'url' }>;
    location.url.hostname = 'other.test';
    await expect(reader().download(location, newPath())).rejects.toMatchObject({
      name: 'DownloadFailed',
    });
  });

  test('is resolved once: a name that changes to a private address later is not followed', async () => {
    let resolved = 0;
    let requests = 0;
    const at = await tlsServer((request, response) => {
      if (++requests === 1) sendStart(response, 50_000, () => response.destroy());
      else sendObject(request, response);
    });
    const rebinding = reader(() =>
      Promise.resolve([{ address: resolved++ === 0 ? '127.0.0.1' : '169.254.169.254', family: 4 }]),
    );
    await rebinding.download(at(), newPath());
    expect(resolved).toBe(1);
  });

  test.each([
    ['loopback', '127.0.0.2'],
    ['the metadata service', '169.254.169.254'],
    ['a private network', '10.0.0.5'],
    ['loopback mapped into IPv6', '::ffff:127.0.0.1'],
  ])('whose name leads to %s is refused before connecting', async (_what, address) => {
    const family = address.includes(':') ? 6 : 4;
    const location: ObjectLocation = {
      kind: 'url',
      url: new URL('https://files.test/a.wav'),
      trusted: false,
    };
    await expect(
      reader(() => Promise.resolve([{ address, family }])).download(location, newPath()),
    ).rejects.toMatchObject({ name: 'AddressRefused', retryable: false });
  });

  test('whose name leads to a public and a private address is refused', async () => {
    const location: ObjectLocation = {
      kind: 'url',
      url: new URL('https://files.test/a.wav'),
      trusted: false,
    };
    const both = [
      { address: '127.0.0.1', family: 4 },
      { address: '10.0.0.5', family: 4 },
    ];
    await expect(reader(() => Promise.resolve(both)).download(location, newPath())).rejects.toThrow(
      'public network',
    );
  });

  test.each([
    ['the metadata service', 'https://169.254.169.254/latest/meta-data/'],
    ['loopback in IPv6', 'https://[::1]/a.wav'],
    ['loopback mapped into IPv6', 'https://[::ffff:7f00:1]:1/a.wav'],
    ['plain http', 'http://files.test/a.wav'],
    ['a file', 'file:///etc/passwd'],
    ['a host with a password', 'https://user:secret@files.test/a.wav'],
    ['nowhere', 'https://'],
  ])('that redirects to %s is refused', async (_what, target) => {
    const at = await tlsServer((_request, response) => response.writeHead(302, { location: target }).end());
    await expect(reader().download(at(), newPath())).rejects.toMatchObject({ name: 'AddressRefused' });
  });

  describe('that redirects to another host', () => {
    const other = 'other.test';
    async function redirected(target: string, allowedHosts: string[]): Promise<unknown> {
      const port = await listen(createTlsServer({ key: otherKey, cert: otherCert }, sendObject));
      const at = await tlsServer((_request, response) =>
        response.writeHead(302, { location: target.replace('PORT', String(port)) }).end(),
      );
      const allowed = allowedHosts.map((host) => host.replace('PORT', String(port)));
      const path = newPath();
      return downloader(
        { maxRetries: 0 },
        {
          addressRules: publicLoopback(toLoopback),
          extraCa: `${cert}\n${otherCert}`,
          locations: { allowedHosts: allowed, allowedBuckets: ['readings'], settings: 'OBJECT_HOSTS' },
        },
      ).download(at(), path);
    }
    const { key: otherKey, cert: otherCert } = selfSigned(other);

    test('that is allowed is read there', async () => {
      await expect(redirected(`https://${other}:PORT/a.wav`, [`${other}:PORT`])).resolves.toMatchObject({
        bytes: content.length,
      });
    });

    test.each([
      ['that is not allowed', `https://${other}:PORT/a.wav?token=secret`],
      ['on a port that is not', 'https://files.test:PORT/a.wav'],
      ['that is a bucket which is not', 'https://elsewhere.s3.amazonaws.com/a.wav?X-Amz-Signature=secret'],
    ])('%s is refused', async (_what, target) => {
      const error: unknown = await redirected(target, ['files.test']).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: 'AddressRefused' });
      expect((error as Error).message).toContain('(OBJECT_HOSTS)');
      expect((error as Error).message).not.toContain('secret');
    });
  });

  test('that redirects in circles is refused after three redirects', async () => {
    let requests = 0;
    const at = await tlsServer((_request, response) => {
      requests++;
      response.writeHead(302, { location: '/again.wav' }).end();
    });
    await expect(reader().download(at(), newPath())).rejects.toThrow('more than 3 redirects');
    expect(requests).toBe(4);
  });

  test('of the stack’s own endpoint is not trusted where it redirects to', async () => {
    const redirects = await trustedServer((_request, response) =>
      response.writeHead(302, { location: 'http://127.0.0.1:1/a.wav' }).end(),
    );
    await expect(reader().download(redirects, newPath())).rejects.toMatchObject({
      name: 'AddressRefused',
    });
  });
});
