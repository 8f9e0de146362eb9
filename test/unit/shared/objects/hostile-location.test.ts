import { parseLocation } from '../../../../src/objects/location.js';
import { AddressRefused } from '../../../../src/objects/errors.js';

const allowed = { allowedHosts: [], allowedBuckets: ['allowed'], endpointUrl: undefined };

test.each([
  's3://allowed/../../etc/passwd',
  's3://allowed/a/../../other/x.mp3',
  's3://allowed/./x.mp3',
  'https://s3.ap-south-1.amazonaws.com/allowed/../other/x.mp3',
  'https://s3.ap-south-1.amazonaws.com/allowed/%2e%2e/other/x.mp3',
])('%s leads neither out of its bucket nor into a file', (address) => {
  expect(() => parseLocation(address, allowed)).toThrow(AddressRefused);
});

test('a path that stays in its bucket is what S3 itself would read', () => {
  const address = 'https://allowed.s3.ap-south-1.amazonaws.com/a/%2e%2e/b.mp3';
  expect(parseLocation(address, allowed)).toEqual({ kind: 's3', bucket: 'allowed', key: 'b.mp3' });
});
