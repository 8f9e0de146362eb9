import { App, Validations } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { CheckedDeployment } from './deployment/read-deployment.js';
import { VachanStack } from './stack/vachan-stack.js';

/**
 * The CDK application of one deployment; `synth()` fails where cdk-nag finds something that nobody has accepted.
 *
 * @param folders where the assembly goes (unset: a temporary folder), and infra/iam
 */
export function createApp(
  checked: CheckedDeployment,
  folders: { out?: string; iam: string },
): { app: App; stack: VachanStack } {
  const app = new App({
    ...(folders.out !== undefined && { outdir: folders.out }),
    analyticsReporting: false,
    // What `cdk init` would write into a new project: today's behaviour of the library, not its first.
    context: CURRENTLY_RECOMMENDED_FLAGS,
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
  return { app, stack: new VachanStack(app, checked, { iamFolder: folders.iam }) };
}
