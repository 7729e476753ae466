import { App } from 'aws-cdk-lib';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { Fault } from './faults';

/**
 * What this library said about an app, checks and constructs alike: everything in the messages of its stacks that has
 * an ID of ours.
 */
export function findingsOf(assembly: CloudAssembly): Fault[] {
  return assembly.stacksRecursively
    .flatMap((stack) => stack.messages)
    .flatMap(({ id: path, entry }) => {
      const found = /cdk-cross-account-eventbridge:(\w+)\]/.exec(String(entry.data));
      return found ? [{ id: found[1], path: path.replace(/^\//, '') }] : [];
    });
}

/** Whether a fault is annotated on its construct, before the app is synthesized. */
export function isReported(app: App, { id, path }: Fault): boolean {
  const annotations = app.node.findAll().flatMap(({ node }) => (node.path === path ? node.metadata : []));
  return annotations.some(({ data }) => String(data).includes(`cdk-cross-account-eventbridge:${id}]`));
}
