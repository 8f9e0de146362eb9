import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SigningSecrets } from '../../../../src/platform/crypto/signing-secrets.js';
import { signedHeaders } from '../../../../src/webhook/signature.js';
import { projectRoot } from '../../../../tools/stack/folders.js';

const docs = readFileSync(join(projectRoot(), 'docs', 'webhooks.md'), 'utf8');
const code = /```python\n(.*?)```/s.exec(docs)![1]!;
const secret = (byte: number): string => `whsec_${Buffer.alloc(32, byte).toString('base64')}`;
const python = (...args: string[]) => spawnSync('python3', args, { encoding: 'utf8' });
const hasPython = python('--version').status === 0;

/** What docs/webhooks.md tells receivers to do. */
(hasPython ? describe : describe.skip)('the code for receivers', () => {
  const body = '{"type":"thing.completed","data":{"name":"ä"}}';
  const headers = signedHeaders(
    { id: 'evt_1', body, at: new Date(1_767_326_400_000) },
    SigningSecrets.parse(`${secret(1)},${secret(2)}`),
  );
  test.each([
    ['the new secret', secret(1), body, 'True'],
    ['the old secret', secret(2), body, 'True'],
    ['another secret', secret(3), body, 'False'],
    ['another body', secret(1), body.replace('ä', 'b'), 'False'],
  ])('finds an event right or wrong by %s', (_what, known, received, genuine) => {
    const call =
      'import json, sys\nprint(is_genuine(sys.argv[1], json.loads(sys.argv[2]), sys.argv[3].encode()))';
    const { stdout, stderr } = python('-c', `${code}${call}`, known, JSON.stringify(headers), received);
    expect({ stdout: stdout.trim(), stderr }).toEqual({ stdout: genuine, stderr: '' });
  });
});
