import { readApp } from '../../src/app-model/read-app';
import { HUB, SHOP } from '../support/apps';
import { command, emptyDirectory, findingsOf, write } from '../support/command';
import { constructsOfTemplates } from '../support/template-constructs';
import { busArn, roleArn } from '../support/three-accounts';

const BUS = { Type: 'AWS::Events::EventBus', Properties: { Name: { 'Fn::FindInMap': ['Bus', 'names', 'orders'] } } };

/** Whatever its name is, an element is read. */
test.each(['Bus', 'constructor', 'toString', 'hasOwnProperty', '__proto__'])(
  'a mapping and an output can have the logical ID %s of a resource',
  (id) => {
    const bus = JSON.stringify({ ...BUS }).replace('"Bus"', JSON.stringify(id));
    const template = JSON.parse(`{
      "Mappings": { "${id}": { "names": { "orders": "orders" } } },
      "Resources": {
        "${id}": ${bus},
        "Rule": { "Type": "AWS::Events::Rule", "Properties": { "EventBusName": { "Ref": "${id}" } } }
      },
      "Outputs": {
        "${id}": { "Value": { "Fn::GetAtt": ["${id}", "Arn"] }, "Export": { "Name": "bus" } },
        "Rule": { "Value": "rule" }
      }
    }`);
    const reader = { Ru: { Type: 'AWS::Events::Rule', Properties: { EventBusName: { 'Fn::ImportValue': 'bus' } } } };
    const { eventBuses, rules } = readApp(constructsOfTemplates({ Hub: template, Other: { Resources: reader } }));

    expect(eventBuses.map(({ arn }) => arn)).toEqual([busArn()]);
    expect(rules.map(({ eventBusArn }) => eventBusArn)).toEqual([busArn(), busArn()]);
  },
);

test.each(['${Token[TOKEN.1]}', '#{Token[TOKEN.2]}', 'a ${Token[x.1]} b', -1.8881545897087505e289])(
  'the value %s in a template is no token',
  (value) => {
    const bus = { Type: 'AWS::Events::EventBus', Properties: { Name: 'orders', Description: value } };
    const EventPattern = { source: [value], detail: { [String(value)]: ['x'] } };
    const rule = { Type: 'AWS::Events::Rule', Properties: { EventBusName: { Ref: 'Bus' }, EventPattern } };
    const { eventBuses, rules, unreadResources } = readApp(
      constructsOfTemplates({ Hub: { Resources: { Bus: bus, Rule: rule } } }),
    );

    expect(eventBuses.map(({ arn }) => arn)).toEqual([busArn()]);
    expect(rules.map(({ pattern }) => pattern)).toEqual([EventPattern]);
    expect(unreadResources).toEqual([]);
  },
);

test('fails for a publisher that a bus denies which has the logical ID of an output', () => {
  const directory = emptyDirectory();
  const hub = write(directory, 'constructor.json', {
    Resources: { Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'orders' } } },
    Outputs: { Bus: { Value: { 'Fn::GetAtt': ['Bus', 'Arn'] } } },
  });
  const statement = { Effect: 'Allow', Action: 'events:PutEvents', Resource: busArn() };
  const PolicyDocument = { Version: '2012-10-17', Statement: [statement] };
  const shop = write(directory, 'shop.json', {
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'publisher',
          AssumeRolePolicyDocument: { Statement: [] },
          Policies: [{ PolicyName: 'put', PolicyDocument }],
        },
      },
    },
    Outputs: { Role: { Value: roleArn('publisher') } },
  });
  const paths = [`${hub}@${HUB.account}/${HUB.region}`, `${shop}@${SHOP.account}/${SHOP.region}`];
  const { out } = command('check', '--json', ...paths);

  expect(findingsOf(out)).toEqual(['shop error publisherAccessDenied shop/Role']);
});
