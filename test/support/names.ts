import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

interface Resource {
  readonly Type: string;
  readonly Properties?: { readonly [name: string]: unknown };
}

/** The stacks of an app: those of its stages, and nested ones, too. */
export function stacksIn(app: App): Stack[] {
  return app.node.findAll().filter((c): c is Stack => Stack.isStack(c));
}

/** The templates of all these stacks, by their paths. */
export function templatesIn(app: App): { [path: string]: object } {
  return Object.fromEntries(stacksIn(app).map((stack) => [stack.node.path, Template.fromStack(stack).toJSON()]));
}

/**
 * Each physical name and id in an app, with its type, account and region:
 * `AWS::Events::EventBus 111111111111 eu-west-1 "Beta-Hub-Bus-0123abcd"`.
 */
export function namesIn(app: App): string[] {
  return stacksIn(app).flatMap((stack) => [
    ...(stack.nestedStackParent ? [] : [named('AWS::CloudFormation::Stack', stack, stack.stackName)]),
    ...resourcesOf(stack).flatMap((resource) => {
      const name = nameOf(resource);
      return name === undefined ? [] : [named(resource.Type, stack, ...busOf(resource, stack), name)];
    }),
  ]);
}

/** Names and ids that two resources of one type have in one account and region. */
export function collisionsIn(app: App): string[] {
  const names = namesIn(app);
  return names.filter((name, i) => names.indexOf(name) !== i);
}

function resourcesOf(stack: Stack): Resource[] {
  return Object.values(Template.fromStack(stack).toJSON().Resources ?? {});
}

/** Roles of one account are not apart by region. */
function named(type: string, { account, region }: Stack, ...name: unknown[]): string {
  return [
    type,
    account,
    type.startsWith('AWS::IAM::') ? 'global' : region,
    ...name.map((part) => JSON.stringify(part)),
  ].join(' ');
}

/** Whatever has a name in its properties has it under one of these. An inline policy has its name within its role. */
function nameOf({ Type, Properties = {} }: Resource): unknown {
  const keys = [`${Type.split('::')[2]}Name`, 'Name', 'StatementId', 'PolicyName'];
  return Type === 'AWS::IAM::Policy'
    ? undefined
    : keys.map((key) => Properties[key]).find((value) => value !== undefined);
}

/** The name of a rule is one on its bus. References mean something in their own stack only. */
function busOf({ Type, Properties = {} }: Resource, { node }: Stack): unknown[] {
  return Type === 'AWS::Events::Rule'
    ? [Properties.EventBusName, typeof Properties.EventBusName === 'object' ? node.path : '']
    : [];
}
