import { isRefusedAddress } from '../../../../src/objects/address-policy.js';

test.each(['52.95.110.1', '8.8.8.8', '172.32.0.1', '100.63.255.255', '2600:1f18::1', '2a05:d07a::1'])(
  'the public address %s may be read from',
  (address) => {
    expect(isRefusedAddress(address)).toBe(false);
  },
);

test.each([
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '169.254.169.254',
  '169.254.170.2',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '::ffff:a9fe:a9fe',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  'fe80::1',
  'fe80::1%eth0',
  'fc00::1',
  'fd00:ec2::254',
  'ff02::1',
  '2001:db8::1',
  'not an address',
  '',
])('%s is refused', (address) => {
  expect(isRefusedAddress(address)).toBe(true);
});
