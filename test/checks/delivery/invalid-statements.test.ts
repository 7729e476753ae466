import { Aws, CfnCondition, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy, CfnEventBusPolicyProps } from 'aws-cdk-lib/aws-events';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnPermissionProps } from 'aws-cdk-lib/aws-lambda';
import { CfnTopic, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns';
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { CrossAccountEventChecks } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { HUB, ORGANIZATION, SHOP, testFunction } from '../../support/apps';
import { appIn, command, emptyDirectory, findingsOf } from '../../support/command';
import { Faulty, MakeApp, deliveryAnnotationsOf, faults } from '../../support/faults';
import {
  ThreeAccounts,
  busArn,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnPermission,
  cfnRule,
  executionRole,
  functionArn,
  LENIENT,
  inThreeAccounts,
  publisherRole,
  queueArn,
  roleArn,
  rootArn,
  ruleArn,
} from '../../support/three-accounts';

/** The newest CDK rejects some of these templates itself. */
const inLenientApp = (make: (three: ThreeAccounts) => unknown) => inThreeAccounts(make, LENIENT);

/** A bus whose policy has one statement with other elements, and its publisher. */
const statement = (overrides: object | ((hub: Stack) => object), bus = 'orders') =>
  inLenientApp(({ hub, shop }) => {
    cfnEventBus(hub);
    const elements = typeof overrides === 'function' ? overrides(hub) : overrides;
    cfnEventBusPolicy(hub, { Resource: busArn(), ...elements }, { bus });
    publisherRole(shop);
  });

/** A bus policy of the short form. */
const shortForm = (props: Partial<CfnEventBusPolicyProps> | ((hub: Stack) => Partial<CfnEventBusPolicyProps>)) =>
  inLenientApp(({ hub }) => {
    cfnEventBus(hub);
    new CfnEventBusPolicy(hub, 'Policy', {
      eventBusName: 'orders',
      statementId: 'Publishers',
      action: 'events:PutEvents',
      principal: SHOP.account,
      ...(typeof props === 'function' ? props(hub) : props),
    });
  });

const ELEMENTS = { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage' };
const document = (elements: object) => ({ Version: '2012-10-17', Statement: [elements] });

const queue = (elements: object) =>
  inLenientApp(({ hub }) => {
    const queues = [new CfnQueue(hub, 'Queue', { queueName: 'letters' }).ref];
    const source = { Condition: { ArnEquals: { 'aws:SourceArn': ruleArn('orders/rule') } } };
    const policyDocument = document({ ...ELEMENTS, Resource: queueArn('letters'), ...source, ...elements });
    new CfnQueuePolicy(hub, 'Policy', { queues, policyDocument });
  });

const topic = (elements: object) =>
  inLenientApp(({ hub }) => {
    const { ref } = new CfnTopic(hub, 'Topic', { topicName: 'alarms' });
    const policyDocument = document({ ...ELEMENTS, Action: 'sns:Publish', Resource: ref, ...elements });
    new CfnTopicPolicy(hub, 'Policy', { topics: [ref], policyDocument });
    cfnRule(hub, { arn: ref });
  });

const key = (elements: object) =>
  inLenientApp(({ hub }) => {
    const owner = { Effect: 'Allow', Principal: { AWS: rootArn(HUB) }, Action: 'kms:*', Resource: '*' };
    new CfnKey(hub, 'Policy', { keyPolicy: document({ ...owner, ...elements }) });
  });

const permission = (props: Partial<CfnPermissionProps>) =>
  inLenientApp(({ hub }) => {
    cfnPermission(hub, 'handler', ruleArn('orders/deliver'), props).node.addDependency(
      testFunction(hub, 'Handler', { functionName: 'handler' }),
    );
  });

const parameter = (hub: Stack) =>
  ((hub.node.tryFindChild('Parameter') as CfnParameter) ?? new CfnParameter(hub, 'Parameter')).valueAsString;
const eitherOf = (hub: Stack, yes: unknown, no: unknown) => {
  const condition = new CfnCondition(hub, 'Big', { expression: Fn.conditionEquals(parameter(hub), 'yes') });
  return Fn.conditionIf(condition.logicalId, yes, no);
};
const invalid = (app: MakeApp, at = '/Hub/Policy'): Faulty => ({ at, app, asks: 'nothing' });
const principal = (value: unknown, type = 'AWS') => statement({ Principal: { [type]: value } });
const healthy = (app: MakeApp) => ({ app, asks: 'nothing' as const });
const UNITS = `${ORGANIZATION}/r-ab12/ou-ab12-11111111/*`;
const ruleManagement = (resource: string) => ({
  Action: 'events:PutRule',
  Resource: resource,
  Condition: { StringEqualsIfExists: { 'events:creatorAccount': '${aws:PrincipalAccount}' } },
});

/** A statement beside the one that allows the publisher. */
const another = (elements: object | ((hub: Stack) => object), publisher = true) =>
  inLenientApp(({ hub, shop }) => {
    cfnEventBus(hub);
    cfnEventBusPolicy(hub);
    const further = typeof elements === 'function' ? elements(hub) : elements;
    cfnEventBusPolicy(hub, { Resource: busArn(), ...further }, { id: 'Another', sid: 'Another' });
    if (publisher) publisherRole(shop);
  });

faults('a statement that AWS rejects', {
  finds: FindingId.INVALID_STATEMENT,
  level: 'error',
  healthy: {
    'all elements': healthy(statement({})),
    'condition operators of every form': healthy(
      statement({
        Condition: {
          StringEqualsIfExists: { 'aws:PrincipalAccount': SHOP.account },
          'ForAllValues:StringLike': { 'events:source': ['com.*'] },
          Null: { 'events:source': 'false' },
          Bool: { 'aws:SecureTransport': true },
        },
      }),
    ),
    'an empty condition': healthy(statement({ Condition: {} })),
    'a condition that is known only at deployment': healthy(
      another((hub) => ({ Condition: eitherOf(hub, { Bool: { 'aws:SecureTransport': 'true' } }, Aws.NO_VALUE) })),
    ),
    'lists of one': healthy(
      statement({ Principal: { AWS: [SHOP.account] }, Action: ['events:PutEvents'], Resource: [busArn()] }),
    ),
    'the rules on the bus': healthy(another(ruleManagement(ruleArn('orders/*')))),
    'the bus and its rules': healthy(another({ ...ruleManagement(''), Resource: [busArn(), ruleArn('orders/*')] })),
    'a user and a session': healthy(
      another({
        Principal: {
          AWS: [
            `arn:aws:iam::${SHOP.account}:user/team/me`,
            `arn:aws:sts::${SHOP.account}:assumed-role/publisher/session`,
          ],
        },
      }),
    ),
    'the short form for an account': healthy(shortForm({})),
    'the short form for an organization': healthy(
      shortForm({
        principal: '*',
        condition: { type: 'StringEquals', key: 'aws:PrincipalOrgID', value: ORGANIZATION },
      }),
    ),
    'the statement in place of the short form with units': healthy(
      inLenientApp(({ hub }) => {
        cfnEventBus(hub);
        cfnEventBusPolicy(hub, {
          Principal: '*',
          Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': UNITS } },
        });
      }),
    ),
    'a permission for a service that is not of AWS alone': healthy(
      permission({
        principal: 'alexa-appkit.amazon.com',
        sourceArn: undefined,
        sourceAccount: undefined,
        eventSourceToken: 'skill',
      }),
    ),
    'a queue policy': healthy(queue({})),
    'a key policy': healthy(key({})),
  },
  faulty: {
    'a condition that is text': invalid(statement({ Condition: 'StringEquals' })),
    'a condition that is a list': invalid(
      statement({ Condition: [{ StringEquals: { 'aws:PrincipalAccount': SHOP.account } }] }),
    ),
    'a condition without an operator': invalid(statement({ Condition: { 'aws:PrincipalAccount': SHOP.account } })),
    'an operator with a list of keys': invalid(statement({ Condition: { StringEquals: ['aws:PrincipalAccount'] } })),
    'an operator with a typing error': invalid(
      statement({ Condition: { StringEqual: { 'aws:PrincipalAccount': SHOP.account } } }),
    ),
    'a set operator with a typing error': invalid(
      another({ Condition: { 'ForAnyValue:StringLikes': { 'aws:PrincipalOrgPaths': UNITS } } }),
      '/Hub/Another',
    ),
    'a quantifier with a typing error': invalid(
      statement({ Condition: { 'ForAllValue:StringEquals': { 'aws:PrincipalAccount': SHOP.account } } }),
    ),
    'an operator that does not exist': invalid(statement({ Condition: { Equals: { 'aws:PrincipalAccount': 'x' } } })),
    'an operator of a queue policy that does not exist': invalid(
      queue({ Condition: { ArnEqual: { 'aws:SourceArn': ruleArn('orders/rule') } } }),
    ),
    'IfExists with Null': invalid(topic({ Condition: { NullIfExists: { 'aws:SourceArn': 'false' } } })),
    'no effect': invalid(statement({ Effect: undefined })),
    'an effect in lower case': invalid(statement({ Effect: 'allow' })),
    'no action': invalid(statement({ Action: undefined })),
    'an empty list of actions': invalid(statement({ Action: [] })),
    'an action without its service': invalid(statement({ Action: 'PutEvents' })),
    'no principal': invalid(statement({ Principal: undefined })),
    'a principal whose name is misspelled': invalid(
      statement({ Principal: undefined, Principle: { AWS: SHOP.account } }),
    ),
    'a principal without type': invalid(statement({ Principal: SHOP.account })),
    'a type of principals in lower case': invalid(principal(SHOP.account, 'aws')),
    'an account with 11 digits': invalid(principal('22222222222')),
    'an account without value in an ARN': invalid(principal('arn:aws:iam::undefined:root')),
    'an account without value in the ARN of a role that a parameter names': invalid(
      statement((hub) => ({ Principal: { AWS: `arn:aws:iam::undefined:role/${parameter(hub)}` } })),
    ),
    'a managed policy': invalid(principal(`arn:aws:iam::${SHOP.account}:policy/publisher`)),
    'a group': invalid(principal(`arn:aws:iam::${SHOP.account}:group/publishers`)),
    'a rule as principal': invalid(principal(ruleArn('rule', SHOP))),
    'a service with the type of an account': invalid(principal('events.amazonaws.com')),
    'an account with the type of a service': invalid(principal(SHOP.account, 'Service')),
    'roles by a wildcard': invalid(principal(roleArn('team-*'))),
    'no resource': invalid(statement({ Resource: undefined })),
    'the name of the bus as resource': invalid(statement({ Resource: 'orders' })),
    'a statement for a custom bus on the default bus': invalid(statement({}, 'default')),
    'another name': invalid(statement({ Resource: busArn('audit') })),
    'another account': invalid(statement({ Resource: busArn('orders', SHOP) })),
    'another Region': invalid(statement({ Resource: busArn('orders', { ...HUB, region: 'us-east-1' }) })),
    'another partition': invalid(statement({ Resource: busArn().replace('arn:aws:', 'arn:aws-cn:') })),
    'a queue as resource': invalid(statement({ Resource: queueArn('letters') })),
    'the rules of another bus': invalid(another(ruleManagement(ruleArn('audit/*'))), '/Hub/Another'),
    'the rules of the default bus': invalid(another(ruleManagement(ruleArn('invoice'))), '/Hub/Another'),
    'a statement of the bus itself': invalid(
      inLenientApp(({ hub }) =>
        cfnEventBus(hub, 'Bus', 'orders', {
          policy: document({ Effect: 'Allow', Principal: { AWS: rootArn(SHOP) }, Action: 'events:PutEvents' }),
        }),
      ),
      '/Hub/Bus',
    ),
    'the short form with units': invalid(
      shortForm({ principal: '*', condition: { type: 'StringLike', key: 'aws:PrincipalOrgPaths', value: UNITS } }),
    ),
    'the short form with units and a set operator': invalid(
      shortForm({
        principal: '*',
        condition: { type: 'ForAnyValue:StringLike', key: 'aws:PrincipalOrgPaths', value: UNITS },
      }),
    ),
    'the short form with a detail type': invalid(
      shortForm({ condition: { type: 'StringEquals', key: 'events:detail-type', value: 'OrderPlaced' } }),
    ),
    'the short form with a role': invalid(shortForm({ principal: roleArn('publisher') })),
    'the short form with an action on rules': invalid(shortForm({ action: 'events:PutRule' })),
    'the short form without principal': invalid(shortForm({ principal: undefined })),
    'a queue policy without action': invalid(queue({ Action: undefined })),
    'a queue policy without resource': invalid(queue({ Resource: undefined })),
    'a topic policy without principal': invalid(topic({ Principal: undefined })),
    // No bus, queue or topic uses the key.
    'a key policy without resource': { ...invalid(key({ Resource: undefined })), isAboutEvents: false },
    'a permission for 11 digits': invalid(
      permission({ principal: '22222222222', sourceArn: undefined, sourceAccount: undefined }),
      '/Hub/Permission',
    ),
    'a statement under a condition': {
      ...invalid(
        inLenientApp(({ hub }) => {
          cfnEventBus(hub);
          const policy = cfnEventBusPolicy(hub, { Action: undefined });
          policy.cfnOptions.condition = new CfnCondition(hub, 'Big', {
            expression: Fn.conditionEquals(parameter(hub), 'yes'),
          });
        }),
      ),
      level: 'warning',
    },
  },
});

faults('an ARN whose account is none', {
  finds: FindingId.INVALID_ARN,
  level: 'error',
  healthy: {},
  faulty: {
    'of a target': invalid(
      inLenientApp(({ shop }) => {
        const arn = busArn('orders', { ...HUB, account: 'undefined' });
        cfnRule(shop, { arn, roleArn: executionRole(shop, ruleArn('rule', SHOP), arn).roleArn });
      }),
      '/Shop/Rule',
    ),
    'of the role of a target': invalid(
      inLenientApp(({ hub, shop }) => {
        cfnEventBus(hub);
        cfnRule(shop, { arn: busArn(), roleArn: roleArn('sender', { ...SHOP, account: 'undefined' }) });
      }),
      '/Shop/Rule',
    ),
    'of the bus of a publisher': invalid(
      inLenientApp(({ hub, shop }) => {
        cfnEventBus(hub);
        publisherRole(shop, busArn('orders', { ...HUB, account: 'undefined' }));
      }),
      '/Shop/Publisher',
    ),
    'of a bus with a Region that is none': invalid(
      inLenientApp(({ shop }) => publisherRole(shop, busArn('orders', { ...HUB, region: 'undefined' }))),
      '/Shop/Publisher',
    ),
    'of the bus of a rule': invalid(
      inLenientApp(({ hub }) =>
        cfnRule(hub, undefined, {
          eventBusName: busArn('orders', { ...HUB, account: 'undefined' }),
          state: 'DISABLED',
        }),
      ),
      '/Hub/Rule',
    ),
    'of the source of a permission': {
      ...invalid(
        permission({
          sourceArn: ruleArn('orders/deliver', { ...HUB, account: 'undefined' }),
          sourceAccount: undefined,
        }),
        '/Hub/Permission',
      ),
      finds: FindingId.CONDITION_NEVER_MATCHES,
    },
    'of a dead-letter queue': invalid(
      inLenientApp(({ hub }) => {
        cfnPermission(hub, 'handler', ruleArn('rule')).node.addDependency(
          testFunction(hub, 'Handler', { functionName: 'handler' }),
        );
        const deadLetterConfig = { arn: queueArn('letters', { ...HUB, account: 'undefined' }) };
        cfnRule(hub, { arn: functionArn('handler'), deadLetterConfig });
      }),
      '/Hub/Rule',
    ),
  },
});

// Values that only deployment has are never rejected.
const PLACEHOLDERS: { readonly [what: string]: MakeApp } = {
  'an account by a parameter': another((hub) => ({ Principal: { AWS: parameter(hub) } }), false),
  'an ARN with an account by a parameter': another(
    (hub) => ({ Principal: { AWS: `arn:aws:iam::${parameter(hub)}:root` } }),
    false,
  ),
  'a bus by a parameter': another((hub) => ({ Resource: busArn(parameter(hub)) }), false),
  'the ARN of a bus by a parameter': another((hub) => ({ Resource: parameter(hub) }), false),
  'rules by a parameter': another((hub) => ({ ...ruleManagement(ruleArn(parameter(hub))) }), false),
  'a principal or none': another((hub) => ({ Principal: eitherOf(hub, '*', { Ref: 'AWS::NoValue' }) }), false),
  'an action by a parameter': another((hub) => ({ Action: parameter(hub) }), false),
  'an effect by a parameter': another((hub) => ({ Effect: parameter(hub) }), false),
  'elements by a macro': another((hub) => ({ Effect: undefined, 'Fn::Transform': { Name: parameter(hub) } }), false),
  'the short form by a parameter': shortForm((hub) => ({
    principal: parameter(hub),
    action: parameter(hub),
    condition: { type: parameter(hub), key: parameter(hub), value: parameter(hub) },
  })),
};

test.each(Object.entries(PLACEHOLDERS))('does not reject %s', (_, app) => {
  const found = deliveryAnnotationsOf(app());
  expect(found.filter(({ level }) => level === 'error')).toEqual([]);
});

test('does not reject the Region and partition of a stack without an environment', () => {
  const { app } = new ThreeAccounts();
  const stack = new Stack(app, 'Agnostic');
  cfnEventBus(stack);
  const arns = [
    busArn(),
    busArn().replace('arn:aws:', 'arn:aws-cn:'),
    `arn:${Aws.PARTITION}:events:*:*:event-bus/orders`,
  ];
  arns.forEach((Resource, i) => cfnEventBusPolicy(stack, { Resource }, { id: `P${i}`, sid: `P${i}` }));
  expect(deliveryAnnotationsOf(app).filter(({ level }) => level === 'error')).toEqual([]);
});

test('a statement that is reported as invalid is not reported as a wildcard too, also in a cloud assembly', () => {
  const app = appIn(emptyDirectory(), 'hub', { context: LENIENT });
  const stack = new Stack(app, 'Hub', { env: HUB });
  cfnEventBus(stack);
  cfnEventBusPolicy(stack).addPropertyOverride('Statement', 'allow them');
  const shown = command('check', app.synth().directory, '--json').out;
  const trusted = command('check', app.outdir, '--json', '--trusted-account', SHOP.account).out;

  for (const out of [shown, trusted]) expect(findingsOf(out)).toEqual(['hub error invalidStatement Hub/Policy']);
});

describe('a stack cannot write the policy of a bus in another', () => {
  test.each([
    ['account', SHOP],
    ['Region', { ...HUB, region: 'eu-central-1' }],
  ])('%s, also by its ARN', (_, env) => {
    const app = inThreeAccounts((three) => {
      cfnEventBus(three.hub);
      const other = three.stack('Other', env);
      cfnEventBusPolicy(other, { Resource: busArn() }, { bus: busArn() });
      publisherRole(three.shop);
    }, LENIENT)();
    CrossAccountEventChecks.applyTo(app);
    const found = deliveryAnnotationsOf(app).filter(({ id }) => id === FindingId.INVALID_STATEMENT);
    expect(found).toMatchObject([{ level: 'error', at: '/Other/Policy' }]);
  });
});
