import { Match } from 'aws-cdk-lib/assertions';
import { propertiesOf, type Synthesized } from '../synthesize.js';

/** The container of one of exports' services, and its task. */
export const container = (from: Synthesized, mode: string): Record<string, unknown> => {
  const environment = Match.arrayWith([
    { Name: 'PIPELINES', Value: 'exports' },
    { Name: 'SERVICE_MODE', Value: mode },
  ]);
  const task = propertiesOf(from.template, 'AWS::ECS::TaskDefinition', {
    ContainerDefinitions: [Match.objectLike({ Environment: environment })],
  });
  return { ...(task['ContainerDefinitions'] as [Record<string, unknown>])[0], Task: task };
};

export const environment = (from: Synthesized, mode: string): Record<string, unknown> =>
  Object.fromEntries(
    (container(from, mode)['Environment'] as { Name: string; Value: unknown }[]).map(({ Name, Value }) => [
      Name,
      Value,
    ]),
  );

/** Statements of the role whose description says so. */
export function statements(
  from: Synthesized,
  description: RegExp,
): { Sid: string; Action: string | string[] }[] {
  const roles = Object.values(from.template.findResources('AWS::IAM::Role')) as {
    Properties: { Description?: string; Policies?: [{ PolicyDocument: { Statement: [] } }] };
  }[];
  const found = roles.filter(({ Properties }) => description.test(Properties.Description ?? ''));
  expect(found).toHaveLength(1);
  return found[0]!.Properties.Policies![0].PolicyDocument.Statement;
}

export const actions = (from: Synthesized, role: RegExp): string[] =>
  statements(from, role)
    .flatMap(({ Action }) => Action)
    .sort();
