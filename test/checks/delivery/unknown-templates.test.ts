import { CfnResource, CfnStack, Fn, NestedStack, Stack } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-sam';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { FindingId } from '../../../src/checks/finding-id';
import { HUB, SHOP, testApp, stackIn } from '../../support/apps';
import { command, emptyDirectory, findingsOf, write } from '../../support/command';
import { MakeApp, faults } from '../../support/faults';
import { cfnEventBus, cfnEventBusPolicy, inThreeAccounts, publisherRole } from '../../support/three-accounts';

const TEMPLATE_URL = 'https://s3.amazonaws.com/templates/policy.yaml';

/** A publisher and a bus that allows it. */
const app = (make: (hub: Stack) => void): MakeApp =>
  inThreeAccounts(({ hub, shop }) => {
    cfnEventBus(hub);
    cfnEventBusPolicy(hub);
    publisherRole(shop);
    make(hub);
  });

const macro = { Name: 'Company::Macro' };

faults('a template that a transform or a nested stack completes', {
  finds: FindingId.DELIVERY_UNVERIFIED,
  level: 'warning',
  healthy: {
    'a transform that adds no resource that is read': app((hub) => {
      hub.addTransform('AWS::LanguageExtensions');
      hub.addTransform('AWS::SecretsManager-2020-07-23');
      hub.addTransform('AWS::CodeDeployBlueGreen');
    }),
    'a nested stack of the app': app((hub) => {
      new CfnQueue(new NestedStack(hub, 'Nested'), 'Queue');
    }),
    'a property by a macro of a resource that is not read': app((hub) => {
      new CfnResource(hub, 'Table', { type: 'AWS::DynamoDB::Table' }).addPropertyOverride('Fn::Transform', macro);
    }),
    'a nested stack at a URL in an app without anything about events': inThreeAccounts(({ hub }) => {
      new CfnQueue(hub, 'Queue');
      new CfnStack(hub, 'Nested', { templateUrl: TEMPLATE_URL });
    }),
  },
  faulty: {
    'a macro': { app: app((hub) => hub.addTransform('Company::Macro')), at: '/Hub' },
    'a snippet': { app: app((hub) => hub.addTransform('AWS::Include')), at: '/Hub' },
    'a function of SAM': {
      app: app((hub) => {
        const props = { codeUri: 's3://bucket/key', handler: 'index.handler', runtime: 'nodejs24.x' };
        new CfnFunction(hub, 'Function', props);
      }),
      at: '/Hub',
    },
    'a nested stack at a URL': {
      app: app((hub) => new CfnStack(hub, 'Nested', { templateUrl: TEMPLATE_URL })),
      at: '/Hub/Nested',
    },
    'a nested stack at a URL that is known only at deployment': {
      app: app((hub) => new CfnStack(hub, 'Nested', { templateUrl: Fn.importValue('url') })),
      at: '/Hub/Nested',
    },
    'a stack of nested stacks': {
      app: inThreeAccounts(({ hub }) => new CfnStack(hub, 'Nested', { templateUrl: TEMPLATE_URL })),
      at: '/Hub/Nested',
    },
    'properties by a macro': {
      app: app((hub) => {
        const rule = new CfnResource(hub, 'Rule', { type: 'AWS::Events::Rule', properties: { Name: 'rule' } });
        rule.addPropertyOverride('Fn::Transform', macro);
      }),
      at: '/Hub/Rule',
      isAboutEvents: false,
    },
  },
});

describe('in the template of another app', () => {
  /** Findings in a publisher's app, given a template that describes the account and Region of the bus. */
  const found = (...templates: object[]) => {
    const directory = emptyDirectory();
    const outdir = `${directory}/shop/cdk.out`;
    const shop = testApp({ outdir });
    publisherRole(stackIn(shop, 'Shop', SHOP));
    const paths = templates.map(
      (template, i) => `${write(directory, `hub${i}.json`, template)}@${HUB.account}/${HUB.region}`,
    );
    return findingsOf(command('check', '--json', shop.synth().directory, ...paths).out);
  };
  const Queue = { Type: 'AWS::SQS::Queue' };
  const UNKNOWN = 'shop warning manuallyAddEventBusPolicy Shop/Publisher/Resource';

  test('a bus that it lacks is an error', () => {
    expect(found({ Resources: { Queue } })).toEqual(['shop error eventBusNotFound Shop/Publisher/Resource']);
  });

  test('properties that are text are unknown', () => {
    const Rule = { Type: 'AWS::Events::Rule', Properties: 'text' };
    expect(found({ Resources: { Queue, Rule } })).toContain('hub0 warning deliveryUnverified hub0/Rule');
  });

  test.each<[string, object]>([
    ['a transform', { Transform: 'Company::Macro', Resources: { Queue } }],
    [
      'a nested stack',
      { Resources: { Queue, N: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: TEMPLATE_URL } } } },
    ],
  ])('a bus that %s may add is none', (_, template) => {
    expect(found(template)).toContain(UNKNOWN);
    expect(found({ Resources: { Queue } }, template)).toContain(UNKNOWN);
  });
});
