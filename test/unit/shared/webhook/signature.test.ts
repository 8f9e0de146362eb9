import { SigningSecrets } from '../../../../src/platform/crypto/signing-secrets.js';
import { signedHeaders } from '../../../../src/webhook/signature.js';

describe('a signature', () => {
  it('is that of the example of Standard Webhooks', () => {
    const headers = signedHeaders(
      {
        id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
        at: new Date(1_614_265_330_000),
        body: '{"test": 2432232314}',
      },
      SigningSecrets.parse('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'),
    );
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });
});
