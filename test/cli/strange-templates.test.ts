import * as fc from 'fast-check';
import { command, emptyDirectory, write } from '../support/command';
import { randomCases } from '../support/random-cases';
import { strangeJson } from '../support/strange-json';
import { busArn, roleArn } from '../support/three-accounts';

const KEYS = [
  ...['Type', 'Properties', 'Ref', 'Fn::GetAtt', 'Fn::Sub', 'Fn::If', 'Fn::Join', 'Fn::Select', 'Fn::ImportValue'],
  ...['Name', 'EventBusName', 'EventPattern', 'Targets', 'Arn', 'Statement', 'Effect', 'Principal', 'Condition'],
  ...['PolicyDocument', 'Roles', 'Metadata', 'aws:cdk:path', 'DependsOn', 'Export', 'Value', 'Bus', 'Rule', 'Role'],
];
const TEXTS = [
  ...['AWS::Events::EventBus', 'AWS::Events::Rule', 'AWS::Events::EventBusPolicy', 'AWS::IAM::Role', 'Bus', 'Rule'],
  ...[busArn(), roleArn('publisher'), 'Allow', '*', '${Token[TOKEN.1]}', '#{Token[TOKEN.2]}', 'a\n\u001b[31m', '', '/'],
];
const strange = strangeJson(KEYS, TEXTS);

const OTHER = { account: '222222222222', region: 'eu-west-1' };

/** A role that can put events on a bus of which the policy does not allow it: an error, whatever else there is. */
const DENIED = {
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'orders' } },
  Publisher: {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'publisher',
      AssumeRolePolicyDocument: { Statement: [] },
      Policies: [
        {
          PolicyName: 'put',
          PolicyDocument: {
            Statement: { Effect: 'Allow', Action: 'events:PutEvents', Resource: busArn('orders', OTHER) },
          },
        },
      ],
    },
  },
};

const directory = emptyDirectory();
const other = `${write(directory, 'other.json', { Resources: { Bus: DENIED.Bus } })}@222222222222/eu-west-1`;

function statusOf(template: unknown): number {
  const file = write(directory, 'strange.json', template);
  const { status, out, err } = command('check', `${file}@111111111111/eu-west-1`, other);
  expect(`${out}${err}`).not.toMatch(/[^\P{Cc}\n]/u);
  expect(out === '').toBe(status === 2);
  return status;
}

test('the publisher is denied', () => {
  expect(statusOf({ Resources: DENIED })).toBe(1);
});

test('any JSON gets an exit status', () => {
  fc.assert(
    fc.property(strange, (template) => [0, 1, 2].includes(statusOf(template ?? null))),
    randomCases(40),
  );
});

test('other sections and resources never hide an error', () => {
  const resource = fc.record({ Type: fc.constantFrom(...TEXTS.slice(0, 4)), Properties: strange, DependsOn: strange });
  const sections = fc.record(
    { Parameters: strange, Mappings: strange, Conditions: strange, Outputs: strange, Metadata: strange },
    { requiredKeys: [] },
  );
  const id = fc.constantFrom('A', 'B', 'C', '1', '-', 'Fn::Sub');
  fc.assert(
    fc.property(sections, fc.dictionary(id, resource), (others, resources) => {
      expect(statusOf({ ...others, Resources: { ...resources, ...DENIED } })).not.toBe(0);
    }),
    randomCases(60),
  );
});
