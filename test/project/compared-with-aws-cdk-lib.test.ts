import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Archive, EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { version } from 'aws-cdk-lib/package.json';
import { version as newest } from 'aws-cdk-lib-latest/package.json';
import { Gap, Sample } from '../compared/gap';
import { GAPS } from '../compared/gaps';
import { Outcome, Project, outcomeOf, propertiesIn } from '../compared/outcome';
import { PAGE, page } from '../compared/page';
import { codeOf } from '../compared/sample-code';
import { BILLING, HUB, ORGANIZATION, SHOP, REGION } from '../support/apps';
import { expectFindings } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';

const POLICY = 'AWS::Events::EventBusPolicy';
const ROLE = 'AWS::IAM::Role';
const RULE = 'AWS::Events::Rule';
const PERMISSION = 'AWS::Lambda::Permission';
const IDENTITY = 'AWS::IAM::Policy';
const [
  grantToARole,
  grantToAnAccount,
  statementsOfABus,
  ruleToAFunction,
  functionOfAnotherApp,
  ruleOnABus,
  ruleToABus,
  deadLettersAndKeys,
  busWithoutAName,
  tooLong,
  characters,
  errors,
  findings,
  laterAspects,
] = GAPS;

const onNewest = version === newest;
const l2 = (gap: Gap, project?: Project) => outcomeOf(gap.withAwsCdkLib, project);
const ours = (gap: Gap, project?: Project) => outcomeOf(gap.withThisLibrary, project);
const rootOf = ({ account }: { account: string }) => `arn:aws:iam::${account}:root`;
const orders = `arn:aws:events:${REGION}:${HUB.account}:event-bus/orders`;
const statements = (outcome: Outcome, stack?: string) =>
  propertiesIn(outcome, POLICY, stack).map(({ Statement }) => Statement);
const identity = (outcome: Outcome, stack?: string) =>
  propertiesIn(outcome, IDENTITY, stack).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
const trust = (outcome: Outcome, stack: string) =>
  propertiesIn(outcome, ROLE, stack).map((role) => role.AssumeRolePolicyDocument.Statement[0]);
const after = ({ stacks }: Outcome, name: string) => stacks.find((stack) => stack.name === name)!.after;
const silent = { error: undefined, messages: [] };

describe('the page', () => {
  // The results of two aws-cdk-lib releases differ in irrelevant details.
  (onNewest ? test : test.skip)('equals the results of the samples; to regenerate it: npm run docs:compared', () => {
    expect(readFileSync(PAGE, 'utf8')).toBe(page());
  });

  test('contains the aws-cdk-lib release of its results, and no path of the file system', () => {
    const text = readFileSync(PAGE, 'utf8');
    expect(text).toContain(`**aws-cdk-lib ${newest}**`);
    expect(text).not.toMatch(/\/tmp|cdk\.out|node_modules/);
  });

  test('has every gap that has a file, in the order of the numbers', () => {
    const files = readdirSync(join(__dirname, '../compared'))
      .filter((file) => /^\d.*\.ts$/.test(file))
      .sort();
    expect(GAPS.map(({ file }) => basename(file))).toEqual(files);
    expect(files.map((file) => Number(file.slice(0, 2)))).toEqual(files.map((_, i) => i + 1));
  });

  const samples = GAPS.flatMap((gap) =>
    (['withAwsCdkLib', 'withThisLibrary'] as const).map((name) => [gap.title, name, gap] as const),
  );

  test.each(samples)('has a sample of 15 lines at the most: %s %s', (_, name, gap) => {
    expect(codeOf(gap, name).split('\n').length).toBeLessThanOrEqual(15);
  });

  test('fails on a sample without braces', () => {
    const expression: Sample = ({ hub }) => new EventBus(hub, 'Bus');
    expect(() => codeOf({ ...grantToARole, file: __filename, withAwsCdkLib: expression }, 'withAwsCdkLib')).toThrow(
      /there is no arrow function 'withAwsCdkLib'/,
    );
  });
});

describe('a grant to a role of another account', () => {
  test('of aws-cdk-lib succeeds without a bus policy, and for an imported role without any policy', () => {
    const outcome = l2(grantToARole);
    expect(outcome).toMatchObject({ ...silent, returned: [true, true] });
    expect(statements(outcome)).toEqual([]);
    expect(identity(outcome)).toMatchObject([{ Action: 'events:PutEvents', Resource: orders }]);
    expect(identity(outcome, 'Hub')).toEqual([]);
  });

  test('of this library allows both roles, and reports the policy that it cannot change', () => {
    const outcome = ours(grantToARole);
    expect(outcome).toMatchObject({ returned: [true, true] });
    expectFindings(outcome.messages, ['warning manuallyAddRolePolicy /Hub/Bus']);
    expect(statements(outcome, 'Hub')).toMatchObject([
      {
        Principal: { AWS: [rootOf(SHOP), rootOf(BILLING)] },
        Condition: {
          StringEquals: {
            'aws:PrincipalArn': [
              `arn:aws:iam::${SHOP.account}:role/shop`,
              `arn:aws:iam::${BILLING.account}:role/partner`,
            ],
          },
        },
      },
    ]);
    expect(identity(outcome, 'Publisher')).toMatchObject([{ Action: 'events:PutEvents', Resource: orders }]);
  });
});

describe('a grant to an account or an organization', () => {
  test('of aws-cdk-lib throws an error in a new project, and adds no statement in one without flags', () => {
    expect(l2(grantToAnAccount).error).toMatch(/must have a sid/);
    const old = l2(grantToAnAccount, 'without flags');
    expect(old).toMatchObject({ returned: [false, false], messages: [expect.stringContaining('service principal')] });
    expect(statements(old)).toEqual([]);
  });

  test.each<Project>(['new', 'without flags'])('of this library allows both: project %s', (project) => {
    const outcome = ours(grantToAnAccount, project);
    expect(outcome).toMatchObject({ ...silent, returned: [true, true] });
    expect(statements(outcome)).toMatchObject([
      { Principal: { AWS: rootOf(SHOP) } },
      { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } } },
    ]);
  });
});

describe('the id of a statement', () => {
  const ids = (outcome: Outcome) => propertiesIn(outcome, POLICY).map(({ StatementId }) => StatementId);

  test('of aws-cdk-lib is required, changed in the PolicyStatement of the user, and truncated to a duplicate', () => {
    const outcome = l2(statementsOfABus);
    expect(outcome.returned).toMatchObject({
      given: 'cdk-Shop',
      withoutId: expect.stringContaining('must have a sid'),
      longIds: expect.stringContaining('already a Construct'),
    });
    expect(ids(outcome).some((id) => id.endsWith('-blue'))).toBe(false);
  });

  test('of this library stays, and is generated if there is none', () => {
    const outcome = ours(statementsOfABus);
    expect(outcome).toMatchObject({
      ...silent,
      returned: { given: 'Shop', withoutId: 'nothing was thrown', longIds: 'nothing was thrown' },
    });
    expect(ids(outcome)).toEqual([
      'Shop',
      expect.stringMatching(/^[\w-]{1,64}$/),
      expect.stringMatching(/^.{59}-blue$/),
      expect.stringMatching(/^.{59}-gold$/),
    ]);
  });
});

describe('a rule that invokes a function of another account', () => {
  test(
    'of aws-cdk-lib uses the default bus without a role, allows the whole account there, ' +
      'and has a permission in the wrong account',
    () => {
      const outcome = l2(ruleToAFunction);
      expect(outcome).toMatchObject(silent);
      const [
        {
          Targets: [target],
        },
      ] = propertiesIn(outcome, RULE, 'Hub');
      expect(target.Arn).toBe(`arn:aws:events:${REGION}:${BILLING.account}:event-bus/default`);
      expect(target.RoleArn).toBeUndefined();
      expect(propertiesIn(outcome, RULE, 'Consumer')).toHaveLength(1);
      expect(propertiesIn(outcome, POLICY)).toMatchObject([{ Principal: HUB.account }]);
      expect(propertiesIn(outcome, PERMISSION, 'Hub')).toMatchObject([
        { FunctionName: expect.stringContaining(BILLING.account) },
      ]);
    },
  );

  test('of this library invokes it with a role that only this rule can use', () => {
    const outcome = ours(ruleToAFunction);
    expect(outcome).toMatchObject(silent);
    const [
      {
        Name,
        Targets: [target],
      },
    ] = propertiesIn(outcome, RULE);
    const invoices = `arn:aws:lambda:${REGION}:${BILLING.account}:function:invoices`;
    expect(target).toMatchObject({ Arn: invoices, RoleArn: expect.stringMatching(/\.Arn\}$/) });
    expect(trust(outcome, 'Hub')).toMatchObject([
      {
        Condition: {
          StringEquals: { 'aws:SourceAccount': HUB.account },
          ArnEquals: { 'aws:SourceArn': `arn:aws:events:${REGION}:${HUB.account}:rule/orders/${Name}` },
        },
      },
    ]);
    expect(identity(outcome, 'Hub')).toMatchObject([{ Action: 'lambda:InvokeFunction', Resource: invoices }]);
    expect([propertiesIn(outcome, PERMISSION, 'Hub'), statements(outcome)]).toEqual([[], []]);
    expect(propertiesIn(outcome, PERMISSION, 'Consumer')).toMatchObject([{ Principal: HUB.account }]);
  });
});

describe('a function that another app defines', () => {
  test('is rejected as a target by aws-cdk-lib', () => {
    expect(l2(functionOfAnotherApp).error).toMatch(/for an imported resource/);
  });

  test('is a target with this library, and each app creates its own policy', () => {
    const outcome = ours(functionOfAnotherApp);
    expectFindings(outcome.messages, ['warning manuallyAddFunctionPermission /Hub/Rule']);
    expect(propertiesIn(outcome, RULE)[0].Targets).toMatchObject([{ RoleArn: expect.any(String) }]);
    expect(propertiesIn(outcome, PERMISSION)).toMatchObject([{ Principal: HUB.account }]);
  });
});

describe('a rule on a bus of another account', () => {
  test('of aws-cdk-lib is on a bus of that name in its own account, and no bus policy allows it', () => {
    const outcome = l2(ruleOnABus);
    expect(outcome).toMatchObject(silent);
    expect(propertiesIn(outcome, RULE, 'Consumer')).toMatchObject([{ EventBusName: 'orders' }]);
    expect(statements(outcome)).toEqual([]);
  });

  test('of this library is on that bus, whose policy allows the account and is deployed first', () => {
    const outcome = ours(ruleOnABus);
    expect(outcome).toMatchObject(silent);
    expect(propertiesIn(outcome, RULE, 'Consumer')).toMatchObject([{ EventBusName: orders }]);
    expect(statements(outcome, 'Hub')).toContainEqual(
      expect.objectContaining({
        Action: 'events:PutRule',
        Principal: { AWS: rootOf(BILLING) },
        Condition: expect.objectContaining({ 'ForAllValues:StringEquals': { 'events:source': 'com.example.shop' } }),
      }),
    );
    expect(after(outcome, 'Consumer')).toEqual(['Hub']);
  });
});

describe('a rule that forwards to a bus of another account', () => {
  test('of aws-cdk-lib has a role for any rule, no bus policy that allows it, and no deployment order', () => {
    const outcome = l2(ruleToABus);
    expect(outcome).toMatchObject(silent);
    expect(trust(outcome, 'Hub').map(({ Condition }) => Condition)).toEqual([undefined]);
    expect(statements(outcome)).toEqual([]);
    expect(after(outcome, 'Hub')).toEqual([]);
  });

  test('of this library has a role for this rule, which the policy of the other bus allows first', () => {
    const outcome = ours(ruleToABus);
    expect(outcome).toMatchObject(silent);
    const [{ RoleName }] = propertiesIn(outcome, ROLE);
    expect(trust(outcome, 'Hub')).toMatchObject([
      { Condition: { ArnEquals: { 'aws:SourceArn': expect.stringContaining(`:${HUB.account}:rule/`) } } },
    ]);
    expect(statements(outcome, 'Consumer')).toMatchObject([
      {
        Principal: { AWS: rootOf(HUB) },
        Condition: { StringEquals: { 'aws:PrincipalArn': `arn:aws:iam::${HUB.account}:role/${RoleName}` } },
      },
    ]);
    expect(after(outcome, 'Hub')).toEqual(['Consumer']);
  });
});

describe('the dead-letter queue of a bus and the key of its archive', () => {
  const SERVICE = { Service: 'events.amazonaws.com' };
  const queuePolicies = (outcome: Outcome) =>
    propertiesIn(outcome, 'AWS::SQS::QueuePolicy').flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  const archiveKeys = (outcome: Outcome) =>
    propertiesIn(outcome, 'AWS::Events::Archive').map(({ KmsKeyIdentifier }) => KmsKeyIdentifier);
  const principalsOfQueueKey = (outcome: Outcome) =>
    propertiesIn(outcome, 'AWS::KMS::Key')
      .find(({ Description }) => /Queue/.test(Description))
      .KeyPolicy.Statement.map(({ Principal }: any) => Principal);

  test('are not configured by aws-cdk-lib', () => {
    const outcome = l2(deadLettersAndKeys);
    expect(outcome).toMatchObject(silent);
    expect(queuePolicies(outcome)).toEqual([]);
    expect(archiveKeys(outcome)).toEqual(['']);
    expect(principalsOfQueueKey(outcome)).not.toContainEqual(SERVICE);
  });

  test('depend on each other if the L2 of an archive gets the key of its bus', () => {
    const outcome = outcomeOf(({ hub }) => {
      const kmsKey = new Key(hub, 'Key');
      const sourceEventBus = new EventBus(hub, 'Bus', { eventBusName: 'orders', kmsKey });
      new Archive(hub, 'Archive', { sourceEventBus, eventPattern: { source: ['com.example.shop'] }, kmsKey });
    }, 'without validation');
    expect(JSON.stringify(propertiesIn(outcome, 'AWS::KMS::Key'))).toContain('${Bus.Arn}');
    expect(propertiesIn(outcome, 'AWS::Events::EventBus')).toMatchObject([{ KmsKeyIdentifier: '${Key.Arn}' }]);
  });

  test('are configured by this library', () => {
    const outcome = ours(deadLettersAndKeys);
    expect(outcome).toMatchObject(silent);
    expect(queuePolicies(outcome)).toMatchObject([
      { Action: 'sqs:SendMessage', Principal: SERVICE, Condition: { ArnEquals: { 'aws:SourceArn': orders } } },
    ]);
    expect(archiveKeys(outcome)).toEqual(['${Key.Arn}']);
    expect(principalsOfQueueKey(outcome)).toContainEqual(SERVICE);
    expect(JSON.stringify(propertiesIn(outcome, 'AWS::KMS::Key'))).not.toContain('${Bus');
  });
});

describe('a bus without a name', () => {
  test('of aws-cdk-lib throws an error if referenced, and with the fix of the message if not referenced', () => {
    const outcome = l2(busWithoutAName);
    expect(outcome.returned).toEqual({
      fromAnotherAccount: expect.stringContaining('PhysicalName.GENERATE_IF_NEEDED'),
    });
    expect(outcome.error).toMatch(/name: required but missing/);
  });

  test('of this library gets a generated name', () => {
    const outcome = ours(busWithoutAName);
    expect(outcome).toMatchObject({ ...silent, returned: { fromAnotherAccount: 'nothing was thrown' } });
    const [bus, forLater] = propertiesIn(outcome, 'AWS::Events::EventBus').map(({ Name }) => Name);
    expect(new Set([bus, forLater, undefined]).size).toBe(3);
    expect(identity(outcome, 'Publisher')).toMatchObject([{ Resource: orders.replace(/orders$/, bus) }]);
  });
});

describe('a policy that is too long and too permissive', () => {
  test('is not reported by aws-cdk-lib, nor is a role for all buses', () => {
    const outcome = l2(tooLong);
    expect(outcome).toMatchObject(silent);
    const policy = {
      Version: '2012-10-17',
      Statement: statements(outcome).map((statement) => ({ ...statement, Resource: orders })),
    };
    expect(JSON.stringify(policy).length).toBeGreaterThan(10_240);
    expect(statements(outcome)).toContainEqual(
      expect.objectContaining({ Principal: '*', Condition: { StringEquals: { 'events:source': 'com.example.shop' } } }),
    );
    expect(identity(outcome)).toMatchObject([{ Resource: '*' }]);
  });

  test('is found by the checks of this library', () => {
    expectFindings(ours(tooLong).messages, [
      'error eventBusPolicySize /Hub/Bus/Resource',
      'warning wildcardPrincipal /Hub/Bus/cdk-Shop/Resource',
    ]);
  });
});

describe('the characters of a policy', () => {
  const lengths = (outcome: Outcome) =>
    propertiesIn(outcome, IDENTITY).map(({ PolicyDocument }) => JSON.stringify(PolicyDocument).length);

  test('are counted without ids by aws-cdk-lib, so that a role does not split what is too long', () => {
    const outcome = l2(characters);
    const { estimated, counted } = outcome.returned as { estimated: number; counted: number };
    expect(estimated).toBeLessThan(counted);
    expect(lengths(outcome)).toEqual([expect.any(Number)]);
    expect(lengths(outcome)[0]).toBeGreaterThan(10_240);
  });

  test('are counted with ids by this library, and its roles need none', () => {
    const outcome = ours(characters);
    const stored = propertiesIn(outcome, POLICY).map(({ StatementId, Statement }) => ({
      Sid: StatementId,
      ...Statement,
      Resource: orders,
    }));
    const { length } = JSON.stringify({ Version: '2012-10-17', Statement: stored });
    expect(outcome.messages).toEqual([expect.stringContaining(` has ${length} of 250 allowed characters `)]);
    expect(identity(outcome)).toHaveLength(1);
    expect(identity(outcome)[0].Resource).toHaveLength(60);
    expect(lengths(outcome)[0]).toBeLessThan(10_240);
  });
});

describe('an error', () => {
  test('of aws-cdk-lib has another signature in another release, and does not name the construct', () => {
    const { messageOfALibrary, messageOfTheL2 } = l2(errors).returned as Record<string, string>;
    expect(messageOfALibrary.includes("'accounts' must hold")).toBe(!onNewest);
    expect(messageOfTheL2).toMatch(/must satisfy/);
    expect(messageOfTheL2).not.toMatch(/Hub\/Bus|my orders/);
  });

  test('of this library contains the construct path and the invalid value', () => {
    expect(ours(errors).returned).toEqual({
      messageOfThisLibrary: expect.stringMatching(/^Hub\/Bus: 'eventBusName' must be .*, got 'my orders'; choose/),
    });
  });
});

describe('a check that reports an error', () => {
  test('with aws-cdk-lib fails only in new projects with new releases, and cannot be acknowledged', () => {
    const [inNew, inOld] = [l2(findings), l2(findings, 'without flags')];
    expect([inNew.error !== undefined, inOld.error !== undefined]).toEqual([onNewest, false]);
    expect([inNew.messages, inOld.messages]).toEqual(Array(2).fill(['error /Hub/Bus this bus is not for production']));
  });

  test.each<Project>(['new', 'without flags'])(
    'with this library throws at the call or can be acknowledged: project %s',
    (project) => {
      const outcome = ours(findings, project);
      expect(outcome).toMatchObject({ ...silent, returned: expect.stringMatching(/^Hub\/Bus: 'accounts' must hold/) });
      expect(statements(outcome)).toMatchObject([{ Principal: '*' }]);
    },
  );
});

describe('changes by a later aspect', () => {
  test('are not found by a check that evaluates during the visit', () => {
    const outcome = l2(laterAspects);
    expect(outcome).toMatchObject(silent);
    expect(statements(outcome)).toMatchObject([{ Principal: '*' }]);
  });

  test('are found by the checks of this library', () => {
    const outcome = ours(laterAspects);
    expectFindings(outcome.messages, ['warning wildcardPrincipal /Hub/Policy']);
    expect(statements(outcome)).toMatchObject([{ Principal: '*' }]);
  });
});

describeWithOracle('what is delivered', () => {
  const put = (as: object, expected: 'allow' | 'deny') => ({
    putEvents: { as, bus: 'Hub/Bus', source: 'com.example.shop' },
    expect: expected,
  });
  const deliver = (expected: 'allow' | 'deny') => ({ deliver: { rule: 'Hub/Rule' }, expect: expected });
  const welcome = (...accounts: { account: string }[]) => accounts.map(({ account }) => ({ account }));

  test(
    'from a role that was granted it: nothing with aws-cdk-lib, and with this library only the ' +
      'events of this role',
    () => {
      const role = { account: SHOP.account, role: 'Publisher/Role' };
      expectAnswers(l2(grantToARole).app, { questions: [put(role, 'deny')] });
      const strangers = { strangers: true, bus: 'Hub/Bus', welcome: welcome(SHOP, BILLING) };
      expectAnswers(ours(grantToARole).app, {
        questions: [{ noProblems: true }, put(role, 'allow'), put({ account: SHOP.account }, 'deny'), strangers],
      });
    },
  );

  test(
    'from an account that was granted it: nothing with aws-cdk-lib without flags, and with this ' +
      'library its events',
    () => {
      expectAnswers(l2(grantToAnAccount, 'without flags').app, {
        questions: [put({ account: SHOP.account }, 'deny')],
      });
      const strangers = { strangers: true, bus: 'Hub/Bus', welcome: [...welcome(SHOP), { orgId: ORGANIZATION }] };
      expectAnswers(ours(grantToAnAccount).app, {
        questions: [{ noProblems: true }, put({ account: SHOP.account }, 'allow'), strangers],
      });
    },
  );

  test('to a function of the app: nothing with aws-cdk-lib', () => {
    expectAnswers(l2(ruleToAFunction).app, { questions: [deliver('deny')] });
  });

  test.each([
    ['the app', ruleToAFunction],
    ['another app', functionOfAnotherApp],
  ])('to a function of %s: with this library the matching events', (_, gap) => {
    const noStrangers = [
      { strangers: true, function: 'invoices', welcome: welcome(HUB) },
      { strangers: true, bus: 'Hub/Bus' },
    ];
    expectAnswers(ours(gap).app, { questions: [{ noProblems: true }, deliver('allow'), ...noStrangers] });
  });

  test('by a rule on a bus of another account: nothing with aws-cdk-lib, and with this library matching events', () => {
    const path = { from: { account: HUB.account }, to: { bus: 'Hub/Bus' }, event: { source: 'com.example.shop' } };
    expectAnswers(l2(ruleOnABus).app, { questions: [{ path: { ...path, notReaches: ['Consumer/Own'] } }] });
    const reaches = { path: { ...path, reaches: ['Consumer/Own'], allDelivered: true } };
    const others = { path: { ...path, event: { source: 'com.example.other' }, notReaches: ['Consumer/Own'] } };
    const strangers = { strangers: true, bus: 'Hub/Bus', welcome: welcome(BILLING) };
    expectAnswers(ours(ruleOnABus).app, { questions: [{ noProblems: true }, reaches, others, strangers] });
  });

  test(
    'to a bus of another account: nothing with aws-cdk-lib, whose role other rules can use; and with ' +
      'this library only by that rule',
    () => {
      expectAnswers(l2(ruleToABus).app, { questions: [deliver('deny')] });
      const openRole = { strangers: true, role: 'Hub/Rule/EventsRole' };
      expect(() => expectAnswers(l2(ruleToABus).app, { questions: [openRole] })).toThrow(
        /the delivery oracle disagrees:\nFAIL/,
      );
      const past = {
        putEvents: { as: { account: HUB.account }, bus: 'Consumer/Bus', source: 'com.example.shop' },
        expect: 'deny',
      };
      const strangers = { strangers: true, bus: 'Consumer/Bus', welcome: welcome(HUB) };
      expectAnswers(ours(ruleToABus).app, { questions: [{ noProblems: true }, deliver('allow'), past, strangers] });
    },
  );

  test('to the dead-letter queue of a bus: nothing with aws-cdk-lib, and with this library its dead letters', () => {
    expectAnswers(l2(deadLettersAndKeys).app, { questions: [{ busDeadLetter: { bus: 'Hub/Bus' }, expect: 'deny' }] });
    const strangers = { strangers: true, queue: 'Hub/Queue' };
    expectAnswers(ours(deadLettersAndKeys).app, {
      questions: [{ noProblems: true }, { busDeadLetter: { bus: 'Hub/Bus' }, expect: 'allow' }, strangers],
    });
  });

  test('to a bus that allows any AWS account: events of external principals, with aws-cdk-lib', () => {
    expectAnswers(l2(tooLong).app, { questions: [put({ account: '999999999999' }, 'allow')] });
  });
});
