import { CfnResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { constructState } from './construct-state';
import { addValidation } from './validation-error';
import { TemplateReader } from '../app-model/resolve/template-reader';
import { hasUnresolved } from '../iam/unresolved-text';

/** By the stack of the resource, so that all ARNs of a stack are validated with one reader. */
const LITERAL_ARNS = constructState<LiteralArn[]>('literalArns');

/** An ARN of a resource that policies or targets in other stacks contain as literal text. */
interface LiteralArn {
  readonly resource: CfnResource;
  readonly resourceArn: string;
  readonly literalArn: string;
  readonly consumer: IConstruct;
}

/**
 * Validates at synthesis that a resource still has the ARN that policies and targets in other stacks contain as literal
 * text. An aspect or an override may change its name later, and events would be lost without an error.
 *
 * @param resourceArn the ARN attribute of the resource
 * @param literalArn the ARN in the template of the consumer; ends with a wildcard if it matches all rules on a bus
 */
export function requireArnUnchanged(
  resource: CfnResource,
  resourceArn: string,
  literalArn: string,
  consumer: IConstruct,
): void {
  const stack = Stack.of(resource);
  const literalArns = LITERAL_ARNS.getOrCreate(stack, () => {
    const created: LiteralArn[] = [];
    addValidation(stack, () => changedArnErrors(stack, created));
    return created;
  });
  literalArns.push({ resource, resourceArn, literalArn, consumer });
}

function changedArnErrors(stack: Stack, literalArns: LiteralArn[]): string[] {
  const reader = new TemplateReader();
  const errors = new Set<string>();
  for (const { resource, resourceArn, literalArn, consumer } of literalArns) {
    const actual = String(reader.resolve(stack, resourceArn));
    const expected = String(reader.resolve(stack, Stack.of(consumer).resolve(literalArn)));
    if (!matchesArn(actual, expected)) errors.add(changedArnError(resource, actual, expected));
  }
  return [...errors];
}

function changedArnError({ node }: CfnResource, actual: string, expected: string): string {
  return (
    `'${node.path}' must keep the ARN that policies and targets contain, '${expected}', got '${actual}', because an ` +
    'aspect or override changed the name; set the name in the props of the construct'
  );
}

/** Unresolved text is assumed to match. */
function matchesArn(actual: string, expected: string): boolean {
  if (!expected.endsWith('*')) return actual === expected || hasUnresolved(expected) || hasUnresolved(actual);
  const prefix = expected.slice(0, -1);
  const actualPrefix = actual.slice(0, prefix.length);
  return prefix === actualPrefix || hasUnresolved(prefix) || hasUnresolved(actualPrefix);
}
