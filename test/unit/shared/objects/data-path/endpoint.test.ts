import { createTargets, queryString } from '#vachan/objects/data-path/endpoint.js';

describe('where requests go', () => {
  it('is the bucket as a host at AWS, unless its name has a dot', () => {
    const target = createTargets(undefined);
    expect(target('eu-west-1', 'bucket', 'a/b c+&ü!.txt')).toEqual({
      protocol: 'https:',
      hostname: 'bucket.s3.eu-west-1.amazonaws.com',
      port: undefined,
      host: 'bucket.s3.eu-west-1.amazonaws.com',
      path: '/a/b%20c%2B%26%C3%BC%21.txt',
    });
    expect(target('eu-west-1', 'dotted.bucket', 'k')).toMatchObject({
      host: 's3.eu-west-1.amazonaws.com',
      path: '/dotted.bucket/k',
    });
    expect(target('cn-north-1', 'bucket')).toMatchObject({
      host: 'bucket.s3.cn-north-1.amazonaws.com.cn',
      path: '/',
    });
  });

  it('is the bucket in the path at an endpoint', () => {
    expect(createTargets('http://[::1]:4566/')('any', 'bucket', '../a//b')).toEqual({
      protocol: 'http:',
      hostname: '::1',
      port: 4566,
      host: '[::1]:4566',
      path: '/bucket/../a//b',
    });
    expect(createTargets('https://store.example/s3')('any', 'bucket', 'k')).toMatchObject({
      port: undefined,
      path: '/s3/bucket/k',
    });
  });

  it('has a query that is escaped as it is signed', () => {
    expect(queryString({ uploads: '', prefix: "a b/'*" })).toBe('?uploads=&prefix=a%20b%2F%27%2A');
    expect(queryString({})).toBe('');
  });
});
