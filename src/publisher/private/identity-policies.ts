import { CfnResource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { TemplateReader } from '../../app-model/resolve/template-reader';
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
import { isObject, statementsOf } from '../../iam/statement';
import { hasUnresolved } from '../../iam/unresolved-text';

/**
 * The identity policies of a role that may put events on buses: a statement in the role's own policy, and as many
 * managed policies as the ARNs of further buses need. Each has at most the characters of a managed policy, so that the
 * inline policies of the role have room for 4,000 of others.
 */
export class IdentityPolicies {
  /** Each bus once, by its ARN. */
  public readonly arns: string[] = [];
  /** Each statement, with its ARNs as text. */
  private readonly statements: { statement: iam.PolicyStatement; texts: string[] }[] = [];

  /**
   * @param role whose policies they are
   * @param allowedEvents what it may publish
   * @param others managed policies that it has besides
   */
  constructor(
    private readonly role: iam.Role,
    private readonly allowedEvents: AllowedEventValues,
    private readonly others: number,
  ) {}

  /** Lets the role put events on one more bus. */
  public allow(arn: string): void {
    if (this.arns.includes(arn)) return;
    const text = this.textOrLongest(arn);
    const last = this.statements.at(-1);
    if (last && this.characters([...last.texts, text]) <= MANAGED_POLICY_CHARACTERS) {
      last.texts.push(text);
      last.statement.addResources(arn);
    } else {
      this.startWith(arn, text);
    }
    this.arns.push(arn);
  }

  /** What IAM would refuse, once all policies of the role are there: the CDK splits some off, and users add others. */
  public problems(): string[] {
    const { inline, managed } = this.attached();
    return [
      ...(inline > INLINE_POLICIES_CHARACTERS
        ? [
            `'eventBuses' must fit into ${INLINE_POLICIES_CHARACTERS} characters together with all ` +
              `inline policies of the role, got ${inline}; ` +
              'move statements of yours to a managed policy, or make another role for the buses',
          ]
        : []),
      ...(managed > MANAGED_POLICIES_PER_ROLE
        ? [
            `'eventBuses' must fit into ${MANAGED_POLICIES_PER_ROLE} managed policies together with all ` +
              `others of the role, got ${managed}; make another role for the rest`,
          ]
        : []),
    ];
  }

  private startWith(arn: string, text: string): void {
    const statement = new iam.PolicyStatement({
      actions: ['events:PutEvents'],
      resources: [arn],
      conditions: conditionsOf(this.allowedEvents),
    });
    const managed = this.statements.length;
    const characters = this.characters([text]);
    if (characters > MANAGED_POLICY_CHARACTERS) {
      throw validationError(
        this.role,
        `'allowedEvents' must fit into a policy of ${MANAGED_POLICY_CHARACTERS} characters beside a ` +
          `bus, got ${characters}; name fewer sources and detail types`,
      );
    }
    if (managed > 0 && managed + this.others > MANAGED_POLICIES_PER_ROLE) {
      throw validationError(
        this.role,
        `'eventBuses' must fit into ${MANAGED_POLICIES_PER_ROLE} managed policies, got ${this.arns.length + 1}` +
          ' buses, which need more; make another role for the rest',
      );
    }
    this.statements.push({ statement, texts: [text] });
    if (managed === 0) {
      this.role.addToPolicy(statement);
    } else {
      this.role.addManagedPolicy(new iam.ManagedPolicy(this.role, `EventBuses${managed}`, { statements: [statement] }));
    }
  }

  /** Characters of all inline policies that the role will have, and the number of its managed ones. */
  private attached(): { inline: number; managed: number } {
    const reader = new TemplateReader();
    const { role } = this;
    const name = reader.resolve(role.stack, role.roleName);
    const resource = role.node.defaultChild;
    const { Policies, ManagedPolicyArns } =
      (CfnResource.isCfnResource(resource) && reader.resource(resource)?.properties) || {};
    const all = role.stack.node.findAll();
    // Only those that are for this role are read: a stack may hold many roles.
    const names = [name, role.stack.resolve(role.roleName)].map((n) => JSON.stringify(n));
    const rolesOf = (c: CfnResource & { roles?: string[] }) => JSON.stringify(role.stack.resolve(c.roles) ?? []);
    const of = (is: (x: any) => boolean) =>
      all
        .filter((c): c is CfnResource => is(c) && names.some((n) => rolesOf(c as CfnResource).includes(n)))
        .map((c) => reader.resource(c)?.properties ?? {});
    const inline = [...(Array.isArray(Policies) ? Policies.filter(isObject) : []), ...of(iam.CfnPolicy.isCfnPolicy)];
    return {
      inline: inline.reduce<number>(
        (sum, { PolicyDocument }) => sum + documentSize(statementsOf(PolicyDocument)).minimum,
        0,
      ),
      managed:
        (Array.isArray(ManagedPolicyArns) ? ManagedPolicyArns.length : 0) +
        of(iam.CfnManagedPolicy.isCfnManagedPolicy).length,
    };
  }

  private characters(resources: string[]): number {
    return documentSize([
      { ...identityStatement('events:PutEvents', resources), Condition: conditionsOf(this.allowedEvents) },
    ]).minimum;
  }

  /** The ARN, where it is not known yet as long as it can be. */
  private textOrLongest(arn: string): string {
    const text = literalText(this.role, arn);
    return text === undefined || hasUnresolved(text) ? 'x'.repeat(EVENT_BUS_ARN_CHARACTERS) : text;
  }
}
