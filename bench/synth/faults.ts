import { App, Stack } from 'aws-cdk-lib';
import { CfnEventBus, CfnEventBusPolicy, CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnFunction, CfnPermission } from 'aws-cdk-lib/aws-lambda';

/** What is wrong, and where the checks say so. */
export interface Fault {
  readonly id: string;
  readonly path: string;
}

/** Puts one fault for each check into the last stack of an app. */
export function addFaults(app: App): Fault[] {
  const stack = app.node.children.filter(Stack.isStack).at(-1)!;
  return [openBus(stack), longBusPolicy(stack), longFunctionPolicy(stack), refusedRule(stack)];
}

function openBus(stack: Stack): Fault {
  const statement = {
    Effect: 'Allow',
    Principal: '*',
    Action: 'events:PutEvents',
    Resource: first(stack, isBus).attrArn,
    Condition: { StringEquals: { 'events:source': 'com.example' } },
  };
  const policy = new CfnEventBusPolicy(stack, 'Open', {
    eventBusName: first(stack, isBus).ref,
    statementId: 'Open',
    statement,
  });
  return { id: 'wildcardPrincipal', path: policy.node.path };
}

function longBusPolicy(stack: Stack): Fault {
  const bus = first(stack, isBus);
  const accounts = Array.from({ length: 300 }, (_, i) => `arn:aws:iam::${500_000_000_000 + i}:root`);
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: accounts },
    Action: 'events:PutEvents',
    Resource: bus.attrArn,
  };
  new CfnEventBusPolicy(stack, 'Long', { eventBusName: bus.ref, statementId: 'Long', statement });
  return { id: 'eventBusPolicySize', path: bus.node.path };
}

function longFunctionPolicy(stack: Stack): Fault {
  const handler = first(stack, (c): c is CfnFunction => c instanceof CfnFunction);
  for (let i = 0; i < 80; i++) {
    const sourceArn = `arn:aws:events:${stack.region}:${stack.account}:rule/of-many-that-invoke-this-function-${i}`;
    new CfnPermission(stack, `Many${i}`, {
      action: 'lambda:InvokeFunction',
      functionName: handler.ref,
      principal: 'events.amazonaws.com',
      sourceArn,
    });
  }
  return { id: 'functionPolicySize', path: handler.node.path };
}

function refusedRule(stack: Stack): Fault {
  const handler = first(stack, (c): c is CfnFunction => c instanceof CfnFunction);
  const targets = [{ id: 'Handler', arn: `${handler.attrArn}:none` }];
  const rule = new CfnRule(stack, 'Refused', {
    eventBusName: first(stack, isBus).ref,
    eventPattern: { source: ['com.example'], account: [stack.account] },
    targets,
  });
  return { id: 'targetAccessDenied', path: rule.node.path };
}

function first<T>(stack: Stack, is: (construct: unknown) => construct is T): T {
  return stack.node.findAll().find(is) as T;
}

const isBus = (construct: unknown): construct is CfnEventBus => construct instanceof CfnEventBus;
