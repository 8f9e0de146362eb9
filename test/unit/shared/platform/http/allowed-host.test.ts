import { hostCheck } from '../../../../../src/platform/http/allowed-host.js';

const allowed = hostCheck(['vachan.example.org'], 'worker-7.example.net');

describe('the Host of a request', () => {
  test.each([
    '127.0.0.1:8080',
    '10.0.0.7',
    '[::1]:8080',
    'localhost:8080',
    'LOCALHOST.',
    'vachan-worker:8080',
    'vachan.readings.svc.cluster.local:8080',
    'vachan.readings.svc',
    'ip-10-0-0-7.ap-south-1.compute.internal',
    'worker-7.example.net',
    'Vachan.Example.org:443',
  ])('may be %s', (host) => {
    expect(allowed(host)).toBe(true);
  });

  test.each([
    'evil.example.com',
    'evil.example.com:8080',
    'vachan.example.org.evil.com',
    'notvachan.example.org',
    'localhost.evil.com',
    '127.0.0.1.nip.io',
    '',
    ':8080',
    'a b',
    'local host/..',
    '[::1',
  ])('may not be %j, which a stranger can point here', (host) => {
    expect(allowed(host)).toBe(false);
  });
});
