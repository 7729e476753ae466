import { CfnResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { TemplateReader } from '../app-model/resolve/template-reader';
import { hasUnresolved } from '../iam/unresolved-text';

const LITERAL_ARNS = Symbol.for('cdk-cross-account-eventbridge.heldArns');

interface LiteralArn {
  readonly resource: CfnResource;
  readonly actual: string;
  readonly spelled: string;
  readonly consumer: IConstruct;
}

/**
 * Holds a resource to the ARN that was spelled out for policies and targets elsewhere: an aspect or an override may
 * change its name after that, and events would be lost without an error. Judged at synth, all of a stack at once.
 *
 * @param actual what the resource says of itself
 * @param spelled what the consumer writes; ends in a wildcard where it is for all rules of a bus
 */
export function requireArnUnchanged(
  resource: CfnResource,
  actual: string,
  spelled: string,
  consumer: IConstruct,
): void {
  const stack = Stack.of(resource) as Stack & { [LITERAL_ARNS]?: LiteralArn[] };
  if (!stack[LITERAL_ARNS]) {
    Object.defineProperty(stack, LITERAL_ARNS, { value: [] });
    stack.node.addValidation({ validate: () => problems(stack, stack[LITERAL_ARNS]!) });
  }
  stack[LITERAL_ARNS]!.push({ resource, actual, spelled, consumer });
}

function problems(stack: Stack, all: LiteralArn[]): string[] {
  const reader = new TemplateReader();
  const written = ({ spelled, consumer }: LiteralArn) =>
    String(reader.resolve(stack, Stack.of(consumer).resolve(spelled)));
  const changed = all
    .map((held) => ({
      path: held.resource.node.path,
      is: String(reader.resolve(stack, held.actual)),
      was: written(held),
    }))
    .filter(({ is, was }) => !matchesArn(is, was));
  return [
    ...new Set(
      changed.map(
        ({ path, is, was }) =>
          `'${path}' must keep the name by which policies and targets refer to it, '${was}', got '${is}` +
          "'; an aspect or override changed it after that: give the name to the construct when it is made",
      ),
    ),
  ];
}

/** What is known only at deployment is taken to fit. */
function matchesArn(is: string, was: string): boolean {
  const [start, given] = was.endsWith('*') ? [was.slice(0, -1), is.slice(0, was.length - 1)] : [was, is];
  return start === given || hasUnresolved(start) || hasUnresolved(given);
}
