import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** The properties of every resource of a type in a stack's template. */
export function propertiesOf(stack: Stack, type: string): any[] {
  return Object.values(Template.fromStack(stack).findResources(type)).map(({ Properties }) => Properties);
}

/** An ARN of the partition of its stack, as templates have it. */
export function partitioned(rest: unknown): unknown {
  return { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, rest]] };
}

/** The names of the stacks that must be deployed before this one. */
export function dependenciesOf(stack: Stack): string[] {
  return stack.dependencies.map(({ stackName }) => stackName);
}
