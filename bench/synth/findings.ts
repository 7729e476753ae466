import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { Fault } from './faults';

/**
 * What this library said about an app, checks and constructs alike: everything in the messages of its stacks that has
 * an id of ours.
 */
export function findingsOf(assembly: CloudAssembly): Fault[] {
  return assembly.stacksRecursively
    .flatMap((stack) => stack.messages)
    .flatMap(({ id: path, entry }) => {
      const found = /cdk-cross-account-eventbridge:(\w+)\]/.exec(String(entry.data));
      return found ? [{ id: found[1], path: path.replace(/^\//, '') }] : [];
    });
}
