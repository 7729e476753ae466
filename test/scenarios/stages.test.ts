import { App, ResourceEnvironment } from 'aws-cdk-lib';
import { CfnEventBus, CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { BILLING, HUB, SHOP, REGION, testApp } from '../support/apps';
import { collisionsIn, namesIn, templatesIn } from '../support/names';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { ShopStage, ShopStageProps, eventPattern } from '../support/shop-stage';

const STAGES = ['Beta', 'Prod'];
const [BETA, PROD] = STAGES;
const inAccounts = (...[hub, shop, billing]: string[]): ShopStageProps => ({
  hub: { account: hub, region: REGION },
  shop: { account: shop, region: REGION },
  billing: { account: billing, region: REGION },
});
const OTHER_ACCOUNTS = inAccounts('444444444444', '555555555555', '666666666666');
const inRegion = (region: string): ShopStageProps => ({
  hub: { ...HUB, region },
  shop: { ...SHOP, region },
  billing: { ...BILLING, region },
});

type Layout = [where: string, beta: ShopStageProps, prod: ShopStageProps];
const LAYOUTS: Layout[] = [
  ['in the same accounts', {}, {}],
  ['in different accounts', {}, OTHER_ACCOUNTS],
  ['in the same accounts, with nested stacks', { nested: true }, { nested: true }],
  ['in the same accounts, one of them with nested stacks', {}, { nested: true }],
];

function twoStages(beta: ShopStageProps, prod: ShopStageProps): { app: App; stages: ShopStage[] } {
  const app = testApp();
  return { app, stages: [beta, prod].map((props, i) => new ShopStage(app, STAGES[i], props)) };
}

describe('two stages of one class', () => {
  test.each([
    ...LAYOUTS,
    ['in two regions of the same accounts', inRegion('eu-west-1'), inRegion('us-east-1')],
    [
      'in two regions of the same accounts, with stacks of the same names',
      { bareStackNames: true },
      { ...inRegion('us-east-1'), bareStackNames: true },
    ],
    [
      'in different accounts, with stacks of the same names',
      { bareStackNames: true },
      { ...OTHER_ACCOUNTS, bareStackNames: true },
    ],
  ] as Layout[])('%s have no name or id in common', (_, beta, prod) => {
    const { app } = twoStages(beta, prod);
    expect([...new Set(namesIn(app).map((name) => name.split(' ')[0]))]).toEqual(
      expect.arrayContaining([
        'AWS::CloudFormation::Stack',
        'AWS::Events::EventBus',
        'AWS::Events::EventBusPolicy',
        'AWS::Events::Rule',
        'AWS::IAM::Role',
        'AWS::Lambda::Function',
        'AWS::Logs::DeliveryDestination',
        'AWS::Logs::DeliverySource',
        'AWS::Logs::ResourcePolicy',
      ]),
    );
    expect(collisionsIn(app)).toEqual([]);
  });

  test.each(LAYOUTS)(
    '%s have the same templates in each synthesis, with and without the other stage',
    (_, beta, prod) => {
      const both = templatesIn(twoStages(beta, prod).app);
      expect(templatesIn(twoStages(beta, prod).app)).toEqual(both);

      const alone = testApp();
      new ShopStage(alone, PROD, prod);
      const prodTemplates = Object.entries(both).filter(([path]) => path.startsWith(`${PROD}/`));
      expect(templatesIn(alone)).toEqual(Object.fromEntries(prodTemplates));
    },
  );

  test.each(LAYOUTS)('%s do not refer to each other', (_, beta, prod) => {
    const { app } = twoStages(beta, prod);
    const other = (path: string) => (path.startsWith(PROD) ? BETA : PROD);
    const mentions = Object.entries(templatesIn(app)).filter(([path, template]) =>
      JSON.stringify(template).includes(other(path)),
    );
    expect(mentions.map(([path]) => path)).toEqual([]);
  });

  test.each(LAYOUTS)('%s only report the buses of other apps that must allow them', (_, beta, prod) => {
    const messages = twoStages(beta, prod)
      .app.synth()
      .stacksRecursively.flatMap((stack) => stack.messages)
      .filter(({ level, entry }) => level === 'error' || String(entry.data).includes('cdk-cross-account-eventbridge:'))
      .map(({ level, id }) => `${level} ${id}`);
    const within = (props: ShopStageProps) => (props.nested ? '/Nested' : '');
    expect(messages).toEqual(
      [beta, prod].flatMap((props, i) => [
        `warning /${STAGES[i]}/Shop${within(props)}/FarPublisher`,
        `warning /${STAGES[i]}/Forwarding${within(props)}/ToElsewhere`,
      ]),
    );
  });
});

describeWithOracle('two stages of one class', () => {
  const within = ({ nested }: ShopStageProps) => (nested ? '/Nested' : '');
  const accountOf = (env: { account?: string } = {}, otherwise: ResourceEnvironment = HUB) =>
    env.account ?? otherwise.account;

  test.each(LAYOUTS)('%s deliver their own events, and deny those of each other', (_, beta, prod) => {
    const { app } = twoStages(beta, prod);
    const all = [beta, prod].map((props, i) => ({ id: STAGES[i], props, inner: within(props) }));
    const busOf = ({ id, inner }: (typeof all)[0]) => `${id}/Hub${inner}/Bus`;
    const questions = all.flatMap((own) => {
      const other = all.find(({ id }) => id !== own.id)!;
      const from = { account: accountOf(own.props.shop, SHOP), role: `${own.id}/Shop${own.inner}/Publisher` };
      const endsOf = ({ id, inner }: typeof own) => [
        `${id}/Hub${inner}/Handler`,
        `${id}/Billing/Handler`,
        `${id}/Billing${inner}/Local`,
        `${id}/Subscription${inner}/OwnHandler`,
      ];
      return [
        {
          path: {
            from,
            to: { bus: busOf(own) },
            event: { source: 'com.shop', detailType: 'OrderPlaced' },
            reaches: endsOf(own),
            notReaches: endsOf(other),
            allDelivered: true,
          },
        },
        { putEvents: { as: from, bus: busOf(other), source: 'com.shop' }, expect: 'deny' },
        { putEvents: { as: from, bus: busOf(own), source: 'com.else' }, expect: 'deny' },
        { putEvents: { as: from, bus: `${own.id}/Billing${own.inner}/Local`, source: 'com.shop' }, expect: 'deny' },
      ];
    });
    expectAnswers(app, { questions: [{ noProblems: true }, ...questions] });
  });

  test.each([
    ['in nested stacks', true],
    ['in stacks', false],
  ])('%s have rule roles that rules of the other stage in the same account cannot assume', (_, nested) => {
    const {
      app,
      stages: [beta, prod],
    } = twoStages({ nested }, { nested });
    const role = prod.forwarding.node.children.find(({ node }) => node.id.startsWith('RuleRole-'))!.node
      .defaultChild as CfnRole;
    const roleArn = `arn:aws:iam::${HUB.account}:role/${role.stack.resolve(role.roleName)}`;
    const arn =
      `arn:aws:events:${REGION}:${BILLING.account}:event-bus/` +
      `${(prod.local.node.defaultChild as CfnEventBus).name}`;
    new CfnRule(beta.forwarding, 'Thief', {
      name: 'Thief',
      eventBusName: beta.bus.eventBusName,
      eventPattern,
      targets: [{ id: 'Stolen', arn, roleArn }],
    });
    const path = (stage: ShopStage, name: string) => `${stage.forwarding.node.path}/${name}`;
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        {
          deliver: { rule: { account: HUB.account, bus: beta.bus.node.path, name: path(beta, 'Thief') } },
          expect: 'deny',
        },
        {
          deliver: { rule: { account: HUB.account, bus: prod.bus.node.path, name: path(prod, 'ToBilling') } },
          expect: 'allow',
        },
      ],
    });
  });
});
