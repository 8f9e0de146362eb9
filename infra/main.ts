import { join } from 'node:path';
import { createApp } from './app.js';
import { DeploymentError, readDeployment } from './deployment/read-deployment.js';

// Compiled to infra/dist/infra/main.js.
const infra = join(__dirname, '..', '..');

const [path, ...rest] = process.argv.slice(2);
if (path === undefined || rest.length > 0) {
  console.error('Usage: npm run infra:synth -- infra/deployments/<name>.json');
  process.exitCode = 2;
} else {
  try {
    const out = join(infra, 'cdk.out');
    const { app, stack } = createApp(readDeployment(path), { out, iam: join(infra, 'iam') });
    app.synth();
    console.log(`${stack.stackName} is in ${out}`);
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
