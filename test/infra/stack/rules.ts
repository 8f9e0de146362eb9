import { Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { synthesize, type Synthesized } from '../synthesize.js';

/** cdk-nag's AwsSolutions: nothing is left open, and what is accepted is few and says why. */
export function checksOfRules({ stack }: Synthesized): void {
  it('find nothing', () => {
    expect(new AwsSolutionsChecks().validateScope(stack)).toMatchObject({ success: true, violations: [] });
  });

  it('are really asked: a bucket that takes requests without TLS ends the synthesis', () => {
    const open = (): Synthesized =>
      synthesize({}, (spoilt) => {
        new Bucket(spoilt, 'Open');
      });
    expect(open).toThrow(/AwsSolutions-S10/);
  });

  it('are set aside for these alone', () => {
    const key = Validations.ACKNOWLEDGED_RULES_METADATA_KEY;
    const accepted = stack.node
      .findAll()
      .flatMap(({ node }) =>
        node.metadata
          .filter(({ type }) => type === key)
          .map(({ data }) => ({ path: node.path, rules: data as unknown })),
      );
    expect(accepted).toMatchInlineSnapshot(`
      [
        {
          "path": "Vachan-production/AccessLogs",
          "rules": {
            "Annotation::AwsSolutions-S1": "It receives access logs; logging its own would never end.",
          },
        },
        {
          "path": "Vachan-production/Operator",
          "rules": {
            "Annotation::AwsSolutions-IAM5[Resource::arn:aws:s3:::vachan-production-results-123456789012-ap-south-1/*]": "vachan dlq reads why recordings failed from CSV objects, which are named by batches.",
          },
        },
        {
          "path": "Vachan-production/OrchestratorTaskRole",
          "rules": {
            "Annotation::AwsSolutions-IAM5[Resource::*]": "cloudwatch:PutMetricData has no resource; a condition names its namespace.",
          },
        },
        {
          "path": "Vachan-production/OrchestratorExecutionRole",
          "rules": {
            "Annotation::AwsSolutions-IAM5[Resource::*]": "ecr:GetAuthorizationToken has no resource; every other statement names its own.",
          },
        },
        {
          "path": "Vachan-production/OrchestratorTask",
          "rules": {
            "Annotation::AwsSolutions-ECS2": "What stands in the environment is no secret; secrets come from Secrets Manager when a task starts.",
          },
        },
        {
          "path": "Vachan-production/InferenceTaskRole",
          "rules": {
            "Annotation::AwsSolutions-IAM5[Resource::arn:aws:s3:::reading-assessment-recordings/*]": "Objects are named by source rows and batches; the bucket is the narrowest resource that can be named.",
          },
        },
        {
          "path": "Vachan-production/InferenceTaskRole",
          "rules": {
            "Annotation::AwsSolutions-IAM5[Resource::arn:aws:s3:::vachan-production-results-123456789012-ap-south-1/*]": "Objects are named by source rows and batches; the bucket is the narrowest resource that can be named.",
          },
        },
        {
          "path": "Vachan-production/InferenceExecutionRole",
          "rules": {
            "Annotation::AwsSolutions-IAM5[Resource::*]": "ecr:GetAuthorizationToken has no resource; every other statement names its own.",
          },
        },
        {
          "path": "Vachan-production/InferenceTask",
          "rules": {
            "Annotation::AwsSolutions-ECS2": "What stands in the environment is no secret; secrets come from Secrets Manager when a task starts.",
          },
        },
      ]
    `);
  });
}
