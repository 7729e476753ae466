import { Environment } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { HUB } from './apps';
import { AppModel } from '../../src/app-model/app-model';
import { readApp } from '../../src/app-model/read-app';
import { addStacks, rootOfStacks } from '../../src/cloud-assembly/stack-constructs';

/** The constructs of stacks with these templates, by the name of the stack. */
export function constructsOfTemplates(
  templates: { readonly [stack: string]: object },
  env: Environment = HUB,
): Construct {
  const root = rootOfStacks();
  const nothing = { constructPaths: new Map(), dependencies: [], nestedTemplates: new Map() };
  addStacks(
    root,
    Object.entries(templates).map(([name, template]) => ({
      path: name,
      name,
      ...env,
      template: template as never,
      ...nothing,
    })),
  );
  return root;
}

/** What is read of a stack `Hub` with these resources. */
export function modelOfResources(resources: object, others: object = {}): AppModel {
  return readApp(constructsOfTemplates({ Hub: { Resources: resources, ...others } }), [], { possibleTargets: true });
}
