import * as iam from 'aws-cdk-lib/aws-iam';
import { measureAttachedPolicies } from './attached-policies';
import { literalText } from '../../core/environment';
import { validationError } from '../../core/validation-error';
import { AllowedEventValues, conditionsOf } from '../../eventbridge/grant-conditions';
import {
  EVENT_BUS_ARN_CHARACTERS,
  INLINE_POLICIES_CHARACTERS,
  MANAGED_POLICIES_PER_ROLE,
  MANAGED_POLICY_CHARACTERS,
} from '../../eventbridge/quotas';
import { identityStatement } from '../../eventbridge/role-statements';
import { documentSize } from '../../iam/policy-size';
import { hasUnresolved } from '../../iam/unresolved-text';

/** A statement of the role, with the ARNs of its buses as text. */
interface BusStatement {
  readonly statement: iam.PolicyStatement;
  readonly arnTexts: string[];
}

/**
 * The identity-based policies of a role that may put events on buses: one statement in the inline policy of the role,
 * and a managed policy for each further statement that the ARNs need. The first statement is not longer than a managed
 * policy either, so that about 4,000 characters remain for other inline policies.
 */
export class IdentityPolicies {
  /** The ARN of each bus, once. */
  public readonly arns: string[] = [];
  private readonly statements: BusStatement[] = [];

  /** @param otherManagedPolicies the number of managed policies that the role has in addition */
  constructor(
    private readonly role: iam.Role,
    private readonly allowedEvents: AllowedEventValues,
    private readonly otherManagedPolicies: number,
  ) {}

  /** Allows the role to put events on one more bus. */
  public allow(arn: string): void {
    if (this.arns.includes(arn)) return;
    const arnText = this.arnOrMaxLength(arn);
    const last = this.statements.at(-1);
    if (last && this.characters([...last.arnTexts, arnText]) <= MANAGED_POLICY_CHARACTERS) {
      last.arnTexts.push(arnText);
      last.statement.addResources(arn);
    } else {
      this.startStatement(arn, arnText);
    }
    this.arns.push(arn);
  }

  /**
   * Validates the IAM quotas for all policies of the role at synthesis, because the CDK moves statements to other
   * policies, and users add policies.
   */
  public problems(): string[] {
    const { inlineCharacters, managedPolicies } = measureAttachedPolicies(this.role);
    const problems: string[] = [];
    if (inlineCharacters > INLINE_POLICIES_CHARACTERS) {
      problems.push(
        `'eventBuses' must fit into ${INLINE_POLICIES_CHARACTERS} characters together with all inline policies of ` +
          `the role, got ${inlineCharacters}; move your statements to a managed policy, or create another role for ` +
          'the buses',
      );
    }
    if (managedPolicies > MANAGED_POLICIES_PER_ROLE) {
      problems.push(
        `'eventBuses' must fit into ${MANAGED_POLICIES_PER_ROLE} managed policies together with all other managed ` +
          `policies of the role, got ${managedPolicies}; create another role for the remaining buses`,
      );
    }
    return problems;
  }

  private startStatement(arn: string, arnText: string): void {
    const managedPolicies = this.statements.length;
    this.requireCapacity(arnText, managedPolicies);
    const statement = new iam.PolicyStatement({
      actions: ['events:PutEvents'],
      resources: [arn],
      conditions: conditionsOf(this.allowedEvents),
    });
    this.statements.push({ statement, arnTexts: [arnText] });
    if (managedPolicies === 0) {
      this.role.addToPolicy(statement);
    } else {
      const id = `EventBuses${managedPolicies}`;
      this.role.addManagedPolicy(new iam.ManagedPolicy(this.role, id, { statements: [statement] }));
    }
  }

  private requireCapacity(arnText: string, managedPolicies: number): void {
    const characters = this.characters([arnText]);
    if (characters > MANAGED_POLICY_CHARACTERS) {
      throw validationError(
        this.role,
        `'allowedEvents' must fit into a policy of ${MANAGED_POLICY_CHARACTERS} characters together with one bus, ` +
          `got ${characters}; list fewer sources and detail types`,
      );
    }
    if (managedPolicies > 0 && managedPolicies + this.otherManagedPolicies > MANAGED_POLICIES_PER_ROLE) {
      throw validationError(
        this.role,
        `'eventBuses' must fit into ${MANAGED_POLICIES_PER_ROLE} managed policies, got ${this.arns.length + 1} ` +
          'buses, which need more; create another role for the remaining buses',
      );
    }
  }

  private characters(resources: string[]): number {
    return documentSize([
      { ...identityStatement('events:PutEvents', resources), Condition: conditionsOf(this.allowedEvents) },
    ]).minimum;
  }

  /** The ARN as text, or a text of the maximum length if the ARN is unresolved. */
  private arnOrMaxLength(arn: string): string {
    const text = literalText(this.role, arn);
    return text === undefined || hasUnresolved(text) ? 'x'.repeat(EVENT_BUS_ARN_CHARACTERS) : text;
  }
}
