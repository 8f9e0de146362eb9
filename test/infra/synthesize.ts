import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { createApp } from '../../infra/app.js';
import { checkDeployment } from '../../infra/deployment/read-deployment.js';
import type { VachanStack } from '../../infra/stack/vachan-stack.js';
import { deployment, root } from './deployments.js';

export interface Synthesized {
  stack: VachanStack;
  template: Template;
}

/**
 * A deployment's template, made without AWS, Docker or a network.
 *
 * @param changes of the example that ships
 * @param spoil changes the stack before it is checked
 * @throws Error when cdk-nag finds something that nobody accepted
 */
export function synthesize(
  changes: Record<string, unknown> = {},
  spoil: (stack: VachanStack) => void = () => undefined,
): Synthesized {
  const out = mkdtempSync(join(tmpdir(), 'vachan-infra-'));
  try {
    const { app, stack } = createApp(checkDeployment(deployment(changes), 'test.json'), {
      out,
      iam: join(root, 'infra', 'iam'),
    });
    spoil(stack);
    const assembly = app.synth();
    const file = assembly.getStackArtifact(stack.artifactId).templateFullPath;
    return { stack, template: Template.fromJSON(JSON.parse(readFileSync(file, 'utf8')) as object) };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Properties of the only resource of a type whose properties are `like` this. */
export function propertiesOf(template: Template, type: string, like: object = {}): Record<string, unknown> {
  const found = Object.values(template.findResources(type, { Properties: like })) as {
    Properties: Record<string, unknown>;
  }[];
  if (found.length !== 1)
    throw new Error(`${found.length} ${type} like ${JSON.stringify(like)}; expected one`);
  return found[0]!.Properties;
}
