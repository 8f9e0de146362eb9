import { loadSettings } from '../../../../src/platform/config/load-settings.js';
import { ConfigurationError } from '../../../../src/platform/errors.js';
import { mongoTls, postgresTls } from '../../../../src/platform/tls.js';
import { selfSigned } from '../../../integration/certificates.js';
import { pick } from '../../../../src/platform/config/settings-table.js';
import { AWS_SETTINGS } from '../../../../src/platform/config/settings/aws-settings.js';
import { MONGO_SETTINGS } from '../../../../src/platform/config/settings/mongo-settings.js';

const demanded = { required: true, ca: 'the CA' };
const asTheAddressSays = { required: false, ca: undefined };

describe('TLS to MongoDB', () => {
  const uri = 'mongodb://user:p%40ss@db.example.org/vachan';

  test('is switched on when it is demanded, whatever the URI leaves open', () => {
    expect(mongoTls(uri, demanded)).toEqual({ tls: true, ca: 'the CA' });
    expect(mongoTls(`${uri}?tls=true&authSource=admin`, demanded)).toMatchObject({ tls: true });
  });

  test('is what the URI says when nothing is demanded', () => {
    expect(mongoTls(uri, asTheAddressSays)).toEqual({});
  });

  test.each([
    'tls=false',
    'ssl=false',
    'tlsInsecure=true',
    'tlsAllowInvalidCertificates=true',
    'TLSAllowInvalidHostnames=TRUE',
  ])('a URI with %s is refused when TLS is demanded, without showing its password', (option) => {
    const connect = (): unknown => mongoTls(`${uri}?authSource=admin&${option}`, demanded);
    expect(connect).toThrow(ConfigurationError);
    expect(connect).not.toThrow(/p%40ss/);
  });
});

describe('TLS to Postgres', () => {
  const dsn = 'postgresql://user:pa?ss@db.example.org/vachan';

  test.each(['', '?sslmode=require', '?sslmode=verify-full', '?ssl=true'])(
    'is verified when it is demanded, with %s in the DSN',
    (query) => {
      const plain = 'postgresql://user:pass@db.example.org/vachan';
      expect(postgresTls(`${plain}${query}`, demanded)).toEqual({
        connectionString: plain,
        ssl: { rejectUnauthorized: true, ca: 'the CA' },
      });
    },
  );

  test('other parameters of the DSN stay', () => {
    const { connectionString } = postgresTls('postgresql://h/d?application_name=x&sslmode=require', demanded);
    expect(connectionString).toBe('postgresql://h/d?application_name=x');
  });

  test.each([
    'sslmode=disable',
    'sslmode=prefer',
    'sslmode=allow',
    'sslmode=no-verify',
    'ssl=0',
    'uselibpqcompat=true',
  ])('a DSN with %s is refused when TLS is demanded', (option) => {
    expect(() => postgresTls(`postgresql://h/d?${option}`, demanded)).toThrow(ConfigurationError);
  });

  test('a DSN is left alone when nothing is demanded', () => {
    expect(postgresTls(`${dsn}?sslmode=disable`, asTheAddressSays)).toEqual({
      connectionString: `${dsn}?sslmode=disable`,
    });
  });
});

describe('the settings', () => {
  test('take certificates in PEM and nothing else', () => {
    const { cert } = selfSigned('db.example.org');
    expect(loadSettings({ MONGO_TLS_CA: cert }, pick(MONGO_SETTINGS, 'MONGO_TLS_CA')).MONGO_TLS_CA).toBe(
      cert.trimEnd() + '\n',
    );
    for (const wrong of [
      '/etc/ca.pem',
      cert.replace('M', '!'),
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
    ]) {
      expect(() => loadSettings({ MONGO_TLS_CA: wrong }, pick(MONGO_SETTINGS, 'MONGO_TLS_CA'))).toThrow(
        /MONGO_TLS_CA .*takes certificates in PEM/,
      );
    }
  });

  test('refuse long-lived AWS keys, and name the role instead', () => {
    const keys = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'shhh' };
    const load = (more = {}): unknown => loadSettings({ ...keys, ...more }, AWS_SETTINGS);
    expect(load).toThrow(/AWS_ACCESS_KEY_ID is set; long-lived AWS keys are not taken[^]*IAM role/);
    expect(load).not.toThrow(/shhh|AKIA/);
    expect(load({ AWS_SESSION_TOKEN: 'of a role' })).toBeDefined();
    expect(load({ AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' })).toBeDefined();
  });
});
