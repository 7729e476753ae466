import { ArnFormat, CfnResource, NestedStack, Stack } from 'aws-cdk-lib';
import { CfnRule, Rule } from 'aws-cdk-lib/aws-events';
import { IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Alias,
  Architecture,
  CfnFunction,
  CfnPermission,
  Code,
  Function,
  FunctionBase,
  IFunction,
  Runtime,
  SingletonFunction,
  Version,
} from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { REGION, testFunction } from './apps';

/** A function of a user's own making: none of the classes of the CDK. */
export class OwnFunction extends FunctionBase {
  public readonly functionArn: string;
  public readonly functionName: string;
  public readonly role: IRole;
  public readonly grantPrincipal: IRole;
  public readonly permissionsNode = this.node;
  public readonly architecture = Architecture.X86_64;
  public readonly tenancyConfig = undefined;
  protected readonly canCreatePermissions = true;

  constructor(scope: Construct, id: string, functionName?: string) {
    super(scope, id, { physicalName: functionName });
    this.role = this.grantPrincipal = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    const resource = new CfnFunction(this, 'Resource', {
      code: { zipFile: 'exports.handler = async () => {};' },
      handler: 'index.handler',
      runtime: 'nodejs24.x',
      role: this.role.roleArn,
      functionName: this.physicalName,
    });
    this.functionName = this.getResourceNameAttribute(resource.ref);
    this.functionArn = this.getResourceArnAttribute(resource.attrArn, {
      service: 'lambda',
      resource: 'function',
      resourceName: this.physicalName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  public get resourceArnsForGrantInvoke(): string[] {
    return [this.functionArn, `${this.functionArn}:*`];
  }
}

/** A kind of function: made, or imported, in a stack under a name. */
export type Kind = (stack: Stack, name: string) => IFunction;

const plain = (stack: Stack, name: string) => testFunction(stack, name, { functionName: name });

/** Every kind that an app can make. */
export const MADE: Record<string, Kind> = {
  function: plain,
  version: (stack, name) => new Version(stack, `${name}-version`, { lambda: plain(stack, name) }),
  'current version': (stack, name) => plain(stack, name).currentVersion,
  alias: (stack, name) =>
    new Alias(stack, `${name}-alias`, { aliasName: 'live', version: plain(stack, name).currentVersion }),
  singleton: (stack, name) =>
    new SingletonFunction(stack, name, {
      uuid: name,
      functionName: name,
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async () => {};'),
    }),
  'own class': (stack, name) => new OwnFunction(stack, name, name),
};

/** Every way to import a function of an account. */
export const imported = (account: string): Record<string, Kind> => {
  const arn = (name: string) => `arn:aws:lambda:${REGION}:${account}:function:${name}`;
  return {
    ARN: (stack, name) => Function.fromFunctionArn(stack, name, arn(name)),
    'ARN in parts': (stack, name) =>
      Function.fromFunctionArn(
        stack,
        name,
        stack.formatArn({
          service: 'lambda',
          account,
          resource: 'function',
          resourceName: name,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ),
    attributes: (stack, name) =>
      Function.fromFunctionAttributes(stack, name, { functionArn: arn(name), sameEnvironment: true }),
    'attributes, as it is': (stack, name) =>
      Function.fromFunctionAttributes(stack, name, { functionArn: arn(name), skipPermissions: true }),
    name: (stack, name) => Function.fromFunctionName(stack, name, name),
    'ARN of an alias': (stack, name) => Function.fromFunctionArn(stack, name, `${arn(name)}:live`),
    'ARN of a version': (stack, name) => Version.fromVersionArn(stack, name, `${arn(name)}:3`),
    'attributes of a version': (stack, name) =>
      Version.fromVersionAttributes(stack, `${name}-version`, {
        version: '3',
        lambda: Function.fromFunctionArn(stack, name, arn(name)),
      }),
    'attributes of an alias': (stack, name) =>
      Alias.fromAliasAttributes(stack, name, {
        aliasName: 'live',
        aliasVersion: Version.fromVersionArn(stack, `${name}-version`, `${arn(name)}:3`),
      }),
  };
};

/** A nested stack that has a resource, as it must. */
export function nestedStack(parent: Stack, id = 'Nested'): NestedStack {
  const nested = new NestedStack(parent, id);
  new CfnResource(nested, 'Resource', { type: 'AWS::SNS::Topic' });
  return nested;
}

/** A rule that helps itself to the target of another one, role included, without what that one was given for it. */
export function copyOf(
  rule: Rule,
  id: string,
  props: { name: string; eventBusName?: string },
  scope = Stack.of(rule),
): CfnRule {
  const { targets, eventPattern } = rule.node.defaultChild as CfnRule;
  return new CfnRule(scope, id, { eventPattern, targets, ...props });
}

/** Does what `aws lambda add-permission` of a message does, in a stack of the account that the message names. */
export function runCommandOf(message: string, stack: Stack, id: string): CfnPermission {
  const [, account, command] =
    /in account (\d{12}), then acknowledge this warning: aws lambda add-permission (.*) \[ack/.exec(message)!;
  if (account !== stack.account) throw new Error(`the command is for account ${account}`);
  const {
    'function-name': functionName,
    action,
    principal,
    ...rest
  } = Object.fromEntries(
    [...command.matchAll(/--(\S+) (\S+)/g)].map(([, key, value]) => [key, value.replace('‹region›', REGION)]),
  );
  expect(Object.keys(rest)).toEqual(['region', 'statement-id']);
  expect(rest['statement-id']).toMatch(/^[\w-]{1,100}$/);
  return new CfnPermission(stack, id, { functionName, action, principal });
}
