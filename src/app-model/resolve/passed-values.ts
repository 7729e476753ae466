import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Json, toText } from '../../iam/statement';
import { unresolved } from '../../iam/unresolved-text';

/** A value of another stack that a parameter or an attribute has. */
export interface PassedValue {
  readonly stack: Stack;
  readonly value: unknown;
}

const PASSED_VALUES = new WeakMap<IConstruct, Map<string, PassedValue>>();

/**
 * Sets the value of a parameter of a nested stack, which its parent passes to it, or of an attribute: the output of a
 * nested stack, or a value of a stack in another Region. Only needed for templates: in an app, constructs refer to each
 * other.
 *
 * @param attribute `Ref`, or the name of an attribute such as `Outputs.BusArn`
 */
export function setPassedValue(construct: IConstruct, attribute: string, value: PassedValue): void {
  const values = PASSED_VALUES.get(construct) ?? new Map<string, PassedValue>();
  PASSED_VALUES.set(construct, values.set(attribute, value));
}

/** Reads the values that templates pass to each other. */
export class PassedValues {
  private readonly active = new Set<PassedValue>();

  /** @param resolve resolves the CloudFormation functions of a stack */
  constructor(private readonly resolve: (stack: Stack, value: unknown) => Json) {}

  /** Undefined if no template passes a value to the attribute. */
  public text(construct: IConstruct, attribute: string): string | undefined {
    const passed = PASSED_VALUES.get(construct)?.get(attribute);
    if (!passed) return undefined;
    // Templates may pass a value in a circle.
    if (this.active.has(passed)) return unresolved(`${attribute} of ${construct.node.path}`);
    this.active.add(passed);
    const value = this.resolve(passed.stack, passed.value);
    this.active.delete(passed);
    return toText(value);
  }
}
