import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './deployments.js';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

describe('the container image', () => {
  it.each(['aws-cdk-lib', 'constructs', 'cdk-nag'])(
    'does not carry %s, which only deploying needs',
    (name) => {
      const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { dev?: boolean }> };
      expect(lock.packages[`node_modules/${name}`]?.dev).toBe(true);
      expect(read('Dockerfile')).toMatch(
        /npm ci --omit=dev[\s\S]*COPY --from=dependencies \/app\/node_modules/,
      );
    },
  );

  it('does not carry infra either', () => {
    expect(read('.dockerignore')).toMatch(/^\*$/m);
    expect(read('.dockerignore')).not.toMatch(/^!infra/m);
  });
});
