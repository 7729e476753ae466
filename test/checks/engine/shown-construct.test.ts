import {
  Annotations,
  App,
  DefaultStackSynthesizer,
  FileAssetLocation,
  IStackSynthesizer,
  ISynthesisSession,
  NestedStack,
  Stack,
  StackSynthesizer,
} from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { ProductStack } from 'aws-cdk-lib/aws-servicecatalog';
import { Construct } from 'constructs';
import { CrossAccountEventChecks } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { HUB, testApp } from '../../support/apps';
import { expectMessage } from '../../support/messages';
import { LENIENT } from '../../support/three-accounts';

/** Writes a template, but adds no artifact, as the synthesizer of a stack in a stack set does. */
class TemplateSynthesizer extends StackSynthesizer {
  public addFileAsset(): FileAssetLocation {
    const url = 'https://bucket.s3.amazonaws.com/key';
    return { bucketName: 'bucket', objectKey: 'key', httpUrl: url, s3ObjectUrl: url };
  }
  public addDockerImageAsset(): never {
    throw new Error('no assets');
  }
  public synthesize(session: ISynthesisSession): void {
    this.synthesizeTemplate(session);
  }
}

/** A rule with one finding: it has no targets. */
const ruleIn = (scope: Construct) =>
  new CfnRule(scope, 'Rule', { name: 'rule', eventPattern: { source: ['com.shop'] } });

/** The findings that `cdk synth` shows, by the path of their construct. */
function shownFindings(app: App): Map<string, string> {
  CrossAccountEventChecks.applyTo(app);
  const messages = app.synth().stacks.flatMap((stack) => stack.messages);
  const texts = messages.map(({ id, entry }): [string, string] => [id, String(entry.data)]);
  return new Map(texts.filter(([, text]) => text.includes('ruleWithoutTargets')));
}

const outerStack = (app: App) => new Stack(app, 'Outer', { env: HUB });
const innerStack = (app: App, synthesizer: IStackSynthesizer = new TemplateSynthesizer()) =>
  new Stack(outerStack(app), 'Inner', { env: HUB, synthesizer });

const CASES: { readonly [where: string]: [make: (app: App) => Construct, path: string] } = {
  'a stack': [outerStack, '/Outer/Rule'],
  'a stack within a stack': [(app) => innerStack(app, new DefaultStackSynthesizer()), '/Outer/Inner/Rule'],
  'a nested stack': [(app) => new NestedStack(outerStack(app), 'Nested'), '/Outer/Nested/Rule'],
  'a stack without an artifact': [innerStack, '/Outer'],
  'a nested stack within one': [(app) => new NestedStack(innerStack(app), 'Nested'), '/Outer'],
  'a stack of a product': [(app) => new ProductStack(outerStack(app), 'Product'), '/Outer'],
};

test.each(Object.entries(CASES))('a finding in %s is shown', (_, [make, path]) => {
  const app = testApp({ context: LENIENT });
  ruleIn(make(app));
  const findings = shownFindings(app);
  expect([...findings.keys()]).toEqual([path]);
  expectMessage(findings.get(path)!);
});

test.each(['rule', 'stack', 'outer stack'])(
  'a finding in a stack without an artifact is acknowledged on the %s',
  (on) => {
    const app = testApp({ context: LENIENT });
    const inner = innerStack(app);
    const rule = ruleIn(inner);
    const scopes: { readonly [name: string]: Construct } = {
      rule: rule,
      stack: inner,
      'outer stack': inner.node.scope as Construct,
    };
    Annotations.of(scopes[on]).acknowledgeWarning(FindingId.RULE_WITHOUT_TARGETS, 'it only counts events');
    expect([...shownFindings(app).keys()]).toEqual([]);
  },
);
