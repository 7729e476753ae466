import { HUB, SHOP } from '../support/apps';
import { command, emptyDirectory, findingsOf, write } from '../support/command';
import { busArn, policyDocument, rootArn } from '../support/three-accounts';

const nested = (TemplateURL: unknown, Parameters?: object) => ({
  Type: 'AWS::CloudFormation::Stack',
  Properties: { TemplateURL, Parameters },
});

const BUS = { Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'orders' } } };

/** A template with the policy of a bus whose name is a parameter. */
const policyTemplate = (account: string) => ({
  Parameters: { BusName: { Type: 'String' } },
  Resources: {
    Policy: {
      Type: 'AWS::Events::EventBusPolicy',
      Properties: {
        EventBusName: { Ref: 'BusName' },
        StatementId: 'Shop',
        Statement: {
          Effect: 'Allow',
          Principal: { AWS: rootArn({ account }) },
          Action: 'events:PutEvents',
          Resource: busArn(),
        },
      },
    },
  },
});

const PUBLISHER = {
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'publisher',
        AssumeRolePolicyDocument: {
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
        Policies: [{ PolicyName: 'put', PolicyDocument: policyDocument('events:PutEvents', busArn()).toJSON() }],
      },
    },
  },
};

interface Files {
  readonly [name: string]: unknown;
}

/** The findings about a bus in one template, whose policy is in a nested stack, and a publisher in another one. */
function check(files: Files, nestedUrl: unknown = './parts/policy.yaml') {
  const directory = emptyDirectory();
  for (const [name, content] of Object.entries(files)) write(directory, `hub/${name}`, content);
  const hub = write(directory, 'hub/hub.json', {
    Resources: { ...BUS, Nested: nested(nestedUrl, { BusName: { Ref: 'Bus' } }) },
  });
  const shop = write(directory, 'shop.json', PUBLISHER);
  const at = ({ account, region }: typeof HUB) => `@${account}/${region}`;
  return command('check', '--json', `${hub}${at(HUB)}`, `${shop}${at(SHOP)}`);
}

describe('a nested stack whose template is a file', () => {
  test('has no findings if its policy allows the publisher', () => {
    const { status, out } = check({ 'parts/policy.yaml': policyTemplate(SHOP.account) });
    expect(findingsOf(out)).toEqual([]);
    expect(status).toBe(0);
  });

  test('fails if its policy allows another account', () => {
    const { status, out } = check({ 'parts/policy.yaml': policyTemplate('333333333333') });
    expect(findingsOf(out)).toEqual(['shop error publisherAccessDenied shop/Role']);
    expect(status).toBe(1);
  });

  test('is relative to the template with the nested stack', () => {
    const between = {
      Parameters: { BusName: { Type: 'String' } },
      Resources: { Inner: nested('../policy.json', { BusName: { Ref: 'BusName' } }) },
    };
    const { out } = check({ 'parts/policy.yaml': between, 'policy.json': policyTemplate(SHOP.account) });
    expect(findingsOf(out)).toEqual([]);
  });

  test('may contain itself, which CloudFormation rejects', () => {
    const template = policyTemplate(SHOP.account);
    const Resources = { ...template.Resources, Again: nested('policy.yaml'), Hub: nested('../hub.json') };
    const { status, out } = check({ 'parts/policy.yaml': { ...template, Resources } });
    expect(findingsOf(out)).toEqual([]);
    expect(status).toBe(0);
  });

  test('is not resolved if it does not exist, or is at a URL', () => {
    const policy = { 'parts/policy.yaml': policyTemplate(SHOP.account) };
    for (const url of ['missing.yaml', 'parts', 'https://example.com/policy.yaml', { 'Fn::Sub': '${A}.yaml' }, '']) {
      expect(findingsOf(check(policy, url).out)).toContain('shop error publisherAccessDenied shop/Role');
    }
  });

  test.each<[string, unknown]>([
    ['is no template', []],
    ['is neither JSON nor YAML', '{'],
    ['has the transform of SAM', { Transform: 'AWS::Serverless-2016-10-31', Resources: {} }],
    ['has a resource without a type', { Resources: { X: {} } }],
  ])('fails with one line that names the file if it %s', (_, content) => {
    const { status, err } = check({ 'parts/policy.yaml': content });
    expect(status).toBe(2);
    expect(err).toMatch(/^[^\n]*parts\/policy\.yaml[^\n]*\n$/);
  });

  test('is described by the command topology, with the stack around it', () => {
    const directory = emptyDirectory();
    write(directory, 'policy.yaml', policyTemplate(SHOP.account));
    const hub = write(directory, 'hub.json', {
      Resources: { ...BUS, Nested: nested('policy.yaml', { BusName: { Ref: 'Bus' } }) },
    });
    const { out } = command('topology', `${hub}@${HUB.account}/${HUB.region}`);
    const { stacks, resourcePolicies } = JSON.parse(out);
    expect(stacks).toHaveLength(2);
    expect(resourcePolicies).toEqual([expect.objectContaining({ resource: busArn(), stack: stacks[1].path })]);
  });
});

describe('a nested stack whose template is not read', () => {
  const QUEUE = { Queue: { Type: 'AWS::SQS::Queue', Properties: {} } };
  const found = (url: unknown, others: object = BUS) => {
    const file = write(emptyDirectory(), 'hub.json', { Resources: { ...others, Nested: nested(url) } });
    return findingsOf(command('check', '--json', `${file}@${HUB.account}/${HUB.region}`).out);
  };
  const UNREAD = ['hub warning deliveryUnverified hub/Nested'];

  test.each<[string, unknown]>([
    ['at a URL', 'https://s3.amazonaws.com/templates/policy.yaml'],
    ['in a file that does not exist', './missing.yaml'],
    ['at a URL that is known only at deployment', { 'Fn::Sub': 'https://${Bucket}/policy.yaml' }],
  ])('is reported if it is %s', (_, url) => {
    expect(found(url)).toEqual(UNREAD);
  });

  test('is reported if there are only nested stacks, one of which may be about events', () => {
    expect(found('https://s3.amazonaws.com/templates/policy.yaml', {})).toEqual(UNREAD);
  });

  test('is not reported if nothing else in the template is about events', () => {
    expect(found('https://s3.amazonaws.com/templates/policy.yaml', QUEUE)).toEqual([]);
  });
});
