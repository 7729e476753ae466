import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, AppProps, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { eventBackbone } from '../../examples/typescript/event-backbone/app';
import { existingBuses } from '../../examples/typescript/existing-buses/one-app';
import { orderToInvoice } from '../../examples/typescript/order-to-invoice/app';
import { subscriberRules } from '../../examples/typescript/subscriber-rules/one-app';
import { CrossAccountEventChecks } from '../../src';
import { messagesOf, testApp } from '../support/apps';

type Template = { readonly Resources: { [id: string]: { readonly Type: string; DependsOn?: string | string[] } } };

/**
 * The same app without a construct of ours: L1s of aws-cdk-lib, as they are in the templates, in stacks that are
 * deployed in the same order.
 */
function inPlainResources(
  example: (props: AppProps) => App,
  change: (template: Template) => void = () => undefined,
): string[] {
  const assembly = example({ outdir: testApp().outdir, analyticsReporting: false }).synth();
  const app = testApp();
  const folder = mkdtempSync(join(tmpdir(), 'cdk-out-templates-'));
  const stacks = new Map(
    assembly.stacks.map((artifact) => {
      const { account, region } = artifact.environment;
      const stack = new Stack(app, artifact.stackName, { env: { account, region } });
      // The rest of it every stack has by itself.
      const { Resources } = JSON.parse(JSON.stringify(artifact.template)) as Template;
      const template = { Resources };
      change(template);
      const templateFile = join(folder, `${artifact.stackName}.json`);
      writeFileSync(templateFile, JSON.stringify(template));
      new CfnInclude(stack, 'Template', { templateFile });
      return [artifact.id, stack];
    }),
  );
  for (const { id, dependencies } of assembly.stacks) {
    dependencies
      .flatMap((before) => stacks.get(before.id) ?? [])
      .forEach((before) => stacks.get(id)!.addDependency(before));
  }
  CrossAccountEventChecks.applyTo(app);
  return messagesOf(...stacks.values());
}

/** Takes the resources of a type out of a template, and what depends on them by name. */
const without = (type: string) => (template: Template) => {
  const gone = Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id]) => id);
  for (const id of gone) delete template.Resources[id];
  for (const resource of Object.values(template.Resources)) {
    if (resource.DependsOn) resource.DependsOn = [resource.DependsOn].flat().filter((id) => !gone.includes(id));
  }
};

const EXAMPLES = { orderToInvoice, eventBackbone, subscriberRules, existingBuses };

describe.each(Object.entries(EXAMPLES))('the example %s in plain resources', (_, example) => {
  test('is as healthy as with our constructs', () => {
    expect(inPlainResources(example)).toEqual([]);
  });

  test.each([
    [
      'AWS::Events::EventBusPolicy',
      /:(publisherAccessDenied|targetAccessDenied|ruleManagementAccessDenied|patternNeverMatches)\]/,
    ],
    ['AWS::Lambda::Permission', /:targetAccessDenied\]/],
    ['AWS::IAM::Policy', /:(publisherIdentityPolicyMissing|targetRoleInvalid)\]/],
  ])('fails without its resources of type %s', (type, finding) => {
    const found = inPlainResources(example, without(type));
    expect(found).toEqual(expect.arrayContaining([expect.stringMatching(finding)]));
  });
});
