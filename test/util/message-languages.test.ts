import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodeLanguage } from '../../src/util/code-languages';
import { messageIn } from '../../src/util/message-languages';
import { ROOT } from '../support/repository';

const LANGUAGES: readonly CodeLanguage[] = ['python', 'java', 'go', 'dotnet'];

const ROLE = 'arn:aws:iam::222222222222:role/shop';

describe('a call in a message', () => {
  test.each<[CodeLanguage, string]>([
    ['python', `allow_publisher(EventPublisher.role("${ROLE}"), sources=["com.shop"], detail_types=["a", "b"])`],
    [
      'java',
      `allowPublisher(EventPublisher.role("${ROLE}"), ` +
        'AllowedEvents.builder().sources(List.of("com.shop")).detailTypes(List.of("a", "b")).build())',
    ],
    [
      'go',
      `AllowPublisher(crossaccounteventbridge.EventPublisher_Role(jsii.String("${ROLE}")), ` +
        '&crossaccounteventbridge.AllowedEvents{Sources: jsii.Strings("com.shop"), ' +
        'DetailTypes: jsii.Strings("a", "b")})',
    ],
    [
      'dotnet',
      `AllowPublisher(EventPublisher.Role("${ROLE}"), ` +
        'new AllowedEvents { Sources = new[] { "com.shop" }, DetailTypes = new[] { "a", "b" } })',
    ],
  ])('is written in %s with its arguments', (language, call) => {
    const events = "{ sources: ['com.shop'], detailTypes: ['a', 'b'] }";
    const typescript = `allowPublisher(EventPublisher.role('${ROLE}'), ${events})`;
    expect(messageIn(language, `Fix: call ${typescript} on 'Hub/Bus'`)).toBe(`Fix: call ${call} on 'Hub/Bus'`);
  });

  test.each([
    [
      "allowRuleManagement(EventPublisher.accounts('1', '2'), {'targetArns':['arn:a']}) there",
      'allow_rule_management(EventPublisher.accounts("1", "2"), target_arns=["arn:a"]) there',
    ],
    [
      "allowPublisher(EventPublisher.role('r'), { invocation: EventBusInvocation.DIRECT })",
      'allow_publisher(EventPublisher.role("r"), invocation=EventBusInvocation.DIRECT)',
    ],
    [
      'grantPutEventsTo() of a bus, or allowRuleManagement()',
      'grant_put_events_to() of a bus, or allow_rule_management()',
    ],
    ['before pipeline.addStage()', 'before pipeline.add_stage()'],
    ["with 'addDependency()'", "with 'add_dependency()'"],
    ["sources: ['O'Reilly']", "sources: ['O'Reilly']"],
    ["allowPublisher(EventPublisher.role('a'b'))", 'allow_publisher(EventPublisher.role("a\'b"))'],
    // What is not understood keeps its arguments.
    ['allowPublisher(…, { sources: […] })', 'allow_publisher(…, { sources: […] })'],
  ])('is written in Python: %s', (typescript, python) => {
    expect(messageIn('python', typescript)).toBe(python);
  });

  test.each([
    ['such as PhysicalName.GENERATE_IF_NEEDED', 'such as awscdk.PhysicalName_GENERATE_IF_NEEDED()'],
    ['to AccountGrantForm.COMPACT', 'to crossaccounteventbridge.AccountGrantForm_COMPACT'],
    ['use QueueEncryption.SQS_MANAGED', 'use awssqs.QueueEncryption_SQS_MANAGED'],
    ['use StreamEncryption.KMS', 'use awskinesis.StreamEncryption_KMS'],
    ['use AuthorizationType.IAM', 'use awsapigateway.AuthorizationType_IAM'],
    ['EventBus.fromEventBusName()', 'awsevents.EventBus_FromEventBusName()'],
    ['RestApi.fromRestApiId()', 'awsapigateway.RestApi_FromRestApiId()'],
    ["Fn.split('a', 'b')", 'awscdk.Fn_Split(jsii.String("a"), jsii.String("b"))'],
    ['bus.allowPublisher()', 'bus.AllowPublisher()'],
    ['aBus.allowPublisher()', 'aBus.AllowPublisher()'],
    [
      "allowRuleManagement({ ruleArns: ['a'] })",
      'AllowRuleManagement(&crossaccounteventbridge.AllowedRules{RuleArns: jsii.Strings("a")})',
    ],
    [
      'EventPublisher.accounts(), organization() or role()',
      'crossaccounteventbridge.EventPublisher_Accounts(), Organization() or Role()',
    ],
    [
      "allowPublisher(EventPublisher.role('r'), { invocation: EventBusInvocation.RULE })",
      'AllowPublisher(crossaccounteventbridge.EventPublisher_Role(jsii.String("r")), ' +
        '&crossaccounteventbridge.AllowedEvents{Invocation: crossaccounteventbridge.EventBusInvocation_RULE})',
    ],
  ])('is written in Go: %s', (typescript, go) => {
    expect(messageIn('go', typescript)).toBe(go);
  });
});

describe('a property in a message', () => {
  test.each<[CodeLanguage, string, string]>([
    ['python', "set 'eventBusPolicyLimit'", "set 'event_bus_policy_limit'"],
    ['python', "set 'kmsKey' and 'restApi'", "set 'kms_key' and 'rest_api'"],
    ['java', "set 'eventBusPolicyLimit'", "set 'eventBusPolicyLimit'"],
    ['go', "set 'eventBusPolicyLimit'", "set 'EventBusPolicyLimit'"],
    ['dotnet', "set 'eventBusPolicyLimit'", "set 'EventBusPolicyLimit'"],
    ['python', "set 'eventBridgeEnabled: true' on", "set 'event_bridge_enabled=True' on"],
    ['python', "set 'eventBridgeEnabled: false' on", "set 'event_bridge_enabled=False' on"],
    ['python', 'call unknownMethod() or Unknown.method()', 'call unknownMethod() or Unknown.method()'],
    ['python', 'use Unknown.MEMBER', 'use Unknown.MEMBER'],
    ['java', "set 'eventBridgeEnabled: true' on", "set 'eventBridgeEnabled(true)' on"],
    ['go', "set 'eventBridgeEnabled: true' on", "set 'EventBridgeEnabled: jsii.Bool(true)' on"],
    ['dotnet', "set 'eventBridgeEnabled: true' on", "set 'EventBridgeEnabled = true' on"],
  ])('has its name in %s: %s', (language, typescript, expected) => {
    expect(messageIn(language, typescript)).toBe(expected);
  });

  test.each([
    "bus 'eventBus' is not defined",
    "the pattern of rule 'deadLetterQueue' matches no event",
    "got 'eventBuses'",
    "'aws:SourceArn' and 'orderPlaced'",
    '{"Effect":"Allow","Action":"events:PutEvents","Principal":{"AWS":"arn:aws:iam::111111111111:root"}}',
    "function 'arn:aws:lambda:eu-west-1:111111111111:function:accounts'",
    "'Hub/eventBus'",
  ])('is not confused with a value: %s', (message) => {
    for (const language of LANGUAGES) expect(messageIn(language, message)).toBe(message);
  });
});

/** Every text that the tests expect, without the titles of the tests. */
const MESSAGES = readFileSync(join(ROOT, 'test/messages.txt'), 'utf8').split('\n');

test.each(LANGUAGES)('a message in %s stays as it is if it is written a second time', (language) => {
  for (const message of MESSAGES) {
    const once = messageIn(language, message);
    expect(messageIn(language, once)).toBe(once);
  }
});

/** Code as TypeScript writes it: an argument in braces, a list with single quotes, a method with capitals. */
const TYPESCRIPT = /\{ ?'?(sources|detailTypes|targetArns|ruleArns)'?:|\[''?\w|\b[a-z]+[A-Z]\w*\((?!s\))/;

test('no message of a finding has TypeScript in Python', () => {
  const messages = MESSAGES.filter((line) => /^ *Fix: /.test(line));
  expect(messages.length).toBeGreaterThan(300);
  expect(messages.filter((message) => TYPESCRIPT.test(message)).length).toBeGreaterThan(100);
  expect(messages.map((message) => messageIn('python', message)).filter((text) => TYPESCRIPT.test(text))).toEqual([]);
});
