import fc from 'fast-check';
import type { LocationRules } from '../../../../src/objects/location.js';
import { describeLocation, parseLocation } from '../../../../src/objects/location.js';
import { AddressRefused } from '../../../../src/objects/errors.js';

const options: LocationRules = { allowedHosts: ['media.example.org', 'cdn.example.org:8443'] };
const withEndpoint: LocationRules = { allowedHosts: [], endpointUrl: 'http://127.0.0.1:4566' };
const signature = 'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=abc';

const objects: [address: string, bucket: string, key: string][] = [
  ['s3://readings/2025/a b.wav', 'readings', '2025/a b.wav'],
  ['s3://readings/take#1.m4a', 'readings', 'take#1.m4a'],
  ['s3://readings/q?x=1.m4a', 'readings', 'q?x=1.m4a'],
  ['s3://readings/100%25.wav', 'readings', '100%25.wav'],
  ['s3://readings/वाचन/१.wav', 'readings', 'वाचन/१.wav'],
  ['https://readings.s3.amazonaws.com/a/b.wav', 'readings', 'a/b.wav'],
  ['https://readings.s3.ap-south-1.amazonaws.com/a.wav', 'readings', 'a.wav'],
  ['https://readings.s3-ap-south-1.amazonaws.com/a.wav', 'readings', 'a.wav'],
  ['https://readings.s3.dualstack.ap-south-1.amazonaws.com/a.wav', 'readings', 'a.wav'],
  ['https://readings.s3-accelerate.amazonaws.com/a.wav', 'readings', 'a.wav'],
  ['https://readings.s3.cn-north-1.amazonaws.com.cn/a.wav', 'readings', 'a.wav'],
  ['https://class.readings.s3.us-gov-west-1.amazonaws.com/a.wav', 'class.readings', 'a.wav'],
  ['https://s3.amazonaws.com/readings/a/b.wav', 'readings', 'a/b.wav'],
  ['https://s3.ap-south-1.amazonaws.com/readings/a.wav', 'readings', 'a.wav'],
  ['https://s3.dualstack.ap-south-1.amazonaws.com/readings/a.wav', 'readings', 'a.wav'],
  ['https://readings.s3.amazonaws.com/a%20b+c%2Fd%25.wav', 'readings', 'a b+c/d%.wav'],
  ['https://readings.s3.amazonaws.com/%E0%A4%B5.wav', 'readings', 'व.wav'],
  ['HTTPS://Readings.S3.amazonaws.com/A.wav', 'readings', 'A.wav'],
];

test.each(objects)('%s is an object that the S3 client reads', (address, bucket, key) => {
  expect(parseLocation(address, options)).toEqual({ kind: 's3', bucket, key });
});

test('the version of an unsigned address is kept', () => {
  expect(parseLocation('https://readings.s3.amazonaws.com/a.wav?versionId=v1', options)).toEqual({
    kind: 's3',
    bucket: 'readings',
    key: 'a.wav',
    versionId: 'v1',
  });
});

test.each([
  `https://readings.s3.ap-south-1.amazonaws.com/a%20b.wav?${signature}`,
  `https://s3.amazonaws.com/readings/a.wav?${signature}`,
  'https://readings.s3.amazonaws.com/a.wav?AWSAccessKeyId=k&Expires=1&Signature=s',
  'https://media.example.org/a.wav?token=t',
  'https://cdn.example.org:8443/a.wav',
])('%s is read by a plain GET with its query', (address) => {
  const location = parseLocation(address, options);
  expect(location).toMatchObject({ kind: 'url', trusted: false });
  expect(location.kind === 'url' && location.url.href).toBe(address);
  expect(describeLocation(location)).not.toContain('?');
});

test('on the stack’s own endpoint http is fine, signed or not', () => {
  expect(parseLocation('http://127.0.0.1:4566/readings/a%20b.wav', withEndpoint)).toEqual({
    kind: 's3',
    bucket: 'readings',
    key: 'a b.wav',
  });
  expect(parseLocation(`http://127.0.0.1:4566/readings/a.wav?${signature}`, withEndpoint)).toMatchObject({
    kind: 'url',
    trusted: true,
  });
});

test.each([
  ['an empty address', ''],
  ['no address at all', 'not a url'],
  ['plain http', 'http://readings.s3.amazonaws.com/a.wav'],
  ['a local file', 'file:///etc/passwd'],
  ['data', 'data:audio/wav;base64,AAAA'],
  ['another host', 'https://evil.example/a.wav'],
  ['a host that only ends like an allowed one', 'https://evilmedia.example.org/a.wav'],
  ['a host that only starts like S3', 'https://readings.s3.amazonaws.com.evil.example/a.wav'],
  ['a host with S3 as its user name', 'https://readings.s3.amazonaws.com@evil.example/a.wav'],
  ['an allowed host on another port', 'https://media.example.org:22/a.wav'],
  ['S3 on another port', 'https://readings.s3.amazonaws.com:8443/a.wav'],
  ['loopback', 'https://127.0.0.1/a.wav'],
  ['loopback as a decimal number', 'https://2130706433/a.wav'],
  ['loopback in IPv6', 'https://[::1]/a.wav'],
  ['the metadata service', 'http://169.254.169.254/latest/meta-data/'],
  ['another port of the endpoint’s host', 'http://127.0.0.1:9999/readings/a.wav'],
  ['no key', 's3://readings'],
  ['an empty key', 's3://readings/'],
  ['an empty bucket', 's3:///a.wav'],
  ['a bucket that is none', 's3://Bad_Bucket/a.wav'],
  ['a key that climbs', 's3://readings/../other/a.wav'],
  ['a key that climbs in disguise', 'https://readings.s3.amazonaws.com/a%2F..%2F..%2Fother%2Fa.wav'],
  ['a path that is not UTF-8', 'https://readings.s3.amazonaws.com/%FF.wav'],
  ['a bucket without a key', 'https://s3.amazonaws.com/readings'],
  ['a line break', 's3://readings/a\n.wav'],
  ['a line break in disguise', 'https://readings.s3.amazonaws.com/a%0A.wav'],
  ['NUL in disguise', 'https://readings.s3.amazonaws.com/a%00.wav'],
  ['a terminal’s escape in disguise', 'https://s3.amazonaws.com/readings/a%1B%5B2J.wav'],
  ['a C1 control in disguise', `https://readings.s3.amazonaws.com/a%C2%9B.wav?${signature}`],
  ['an endless address', `s3://readings/${'a'.repeat(9_000)}`],
])('%s is refused', (_what, address) => {
  expect(() => parseLocation(address, { ...options, endpointUrl: 'http://127.0.0.1:4566' })).toThrow(
    AddressRefused,
  );
});

test('buckets can be limited, for every way to name one', () => {
  const limited = { ...options, allowedBuckets: ['readings'] };
  expect(parseLocation('s3://readings/a.wav', limited)).toMatchObject({ bucket: 'readings' });
  for (const address of [
    's3://others/a.wav',
    'https://others.s3.amazonaws.com/a.wav',
    `https://s3.amazonaws.com/others/a.wav?${signature}`,
  ]) {
    expect(() => parseLocation(address, limited)).toThrow('not allowed');
  }
});

test('no refusal repeats the query string or a password', () => {
  for (const address of [
    'https://evil.example/a.wav?token=secret',
    'https://user:secret@evil.example/a.wav',
    'not a url?secret',
    'https://readings.s3.amazonaws.com/%FF.wav?X-Amz-Signature=secret',
    's3://readings/a.wav?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=secret',
    's3://readings/a.wav%3FX-Amz-Credential%3Dsecret',
    's3://readings/a?b.wav?Signature=secret&AWSAccessKeyId=secret',
  ]) {
    expect(() => parseLocation(address, options)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') as string }) as Error,
    );
  }
});

test('an object is described by its whole key', () => {
  expect(describeLocation(parseLocation('s3://readings/take#1?.m4a', options))).toBe(
    's3://readings/take#1?.m4a',
  );
});

test('any key survives the way through an encoded address', () => {
  const segment = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter((text) => !/\p{Cc}|\//u.test(text) && text !== '.' && text !== '..');
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), (segments) => {
      const path = segments.map(encodeURIComponent).join('/');
      const location = parseLocation(`https://readings.s3.amazonaws.com/${path}`, options);
      expect(location).toEqual({ kind: 's3', bucket: 'readings', key: segments.join('/') });
    }),
  );
});
