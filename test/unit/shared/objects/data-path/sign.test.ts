import { createHash, createHmac, type BinaryLike } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { createTargets, type Target } from '../../../../../src/objects/data-path/endpoint.js';
import { createSigner, type SigningContext } from '../../../../../src/objects/data-path/sign.js';
import type { StoreRequest } from '../../../../../src/objects/data-path/store-request.js';

const DATE = new Date('2026-11-28T01:02:03.456Z');
const CREDENTIALS = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const context = (more: Partial<SigningContext> = {}): SigningContext => ({
  credentials: CREDENTIALS,
  region: 'eu-west-1',
  date: DATE,
  ...more,
});
const PUT: StoreRequest = {
  action: 'write',
  method: 'PUT',
  bucket: 'bucket',
  key: 'out/a.txt',
  headers: {
    'x-amz-checksum-crc32': 'AAAAAA==',
    'if-none-match': '*',
    'x-amz-meta-entry': 'default/e%2F1/0/7',
  },
  body: { bytes: Buffer.from('content') },
};

class NodeSha256 {
  readonly #hash;

  constructor(secret?: unknown) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as BinaryLike);
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    throw new Error('A hash of Node cannot be used again');
  }
}

/** The library's signature of what was signed: all headers but the signature itself, and the time, which it adds. */
async function bySmithy(
  request: StoreRequest,
  target: Target,
  { credentials, region, date }: SigningContext,
  signed: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const { authorization: _signature, ...headers } = signed;
  const signer = new SignatureV4({
    service: 's3',
    region,
    credentials: credentials as { accessKeyId: string; secretAccessKey: string },
    sha256: NodeSha256,
    uriEscapePath: false,
  });
  const { hostname, protocol, path } = target;
  const asked = { method: request.method, protocol, hostname, path, query: { ...request.query }, headers };
  return (await signer.sign(asked, { signingDate: date })).headers;
}

const aws = createTargets(undefined)('eu-west-1', 'bucket', 'out/a.txt');
const local = createTargets('http://127.0.0.1:9000')('us-east-1', 'bucket', "a b/ä!'()*~/c");

describe('a signature', () => {
  it.each<[string, StoreRequest, Target, SigningContext]>([
    ['an object', PUT, aws, context()],
    ['an odd key at an endpoint', PUT, local, context()],
    ['a part', { ...PUT, query: { uploadId: 'a/b+c =', partNumber: '12' } }, aws, context()],
    ['a flag in the query', { ...PUT, method: 'POST', query: { uploads: '' } }, aws, context()],
    [
      'a document',
      { ...PUT, method: 'POST', query: { uploadId: 'ü' }, body: { document: '<a>ä</a>' } },
      aws,
      context(),
    ],
    [
      'a question without a body',
      { action: 'look at', method: 'HEAD', bucket: 'bucket', key: 'k' },
      aws,
      context(),
    ],
    [
      'a listing',
      {
        action: 'list',
        method: 'GET',
        bucket: 'bucket',
        query: { uploads: '', prefix: 'ä/', 'key-marker': 'a&b' },
      },
      aws,
      context(),
    ],
    [
      'headers with spaces',
      {
        ...PUT,
        headers: { 'content-type': '  text/plain;   charset=utf-8 ', 'x-amz-tagging': 'a=b&c=d%20e' },
      },
      aws,
      context(),
    ],
    ['a role', PUT, aws, context({ credentials: { ...CREDENTIALS, sessionToken: 'to+ken/==' } })],
  ])('of %s is the one that the library makes', async (_what, request, target, where) => {
    const signed = createSigner()(request, target, where);
    expect(signed).toMatchObject({ host: target.host, 'x-amz-date': '20261128T010203Z' });
    expect(signed).toEqual(await bySmithy(request, target, where, signed));
  });

  it('is of the day, the region and the secret that it is made with, whatever was signed before', async () => {
    const sign = createSigner();
    const others: Partial<SigningContext>[] = [
      {},
      { date: new Date('2026-11-29T00:00:00Z') },
      { region: 'us-east-1' },
      { credentials: { ...CREDENTIALS, secretAccessKey: 'another' } },
      {},
    ];
    for (const other of others) {
      const signed = sign(PUT, aws, context(other));
      expect(signed).toEqual(await bySmithy(PUT, aws, context(other), signed));
    }
  });
});
