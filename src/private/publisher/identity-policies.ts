import * as iam from 'aws-cdk-lib/aws-iam';
import { EVENT_BUS_ARN_CHARACTERS, MANAGED_POLICIES_PER_ROLE, MANAGED_POLICY_CHARACTERS } from '../../policy/limits';
import { Scope, scopeConditions } from '../../policy/scopes';
import { documentSize } from '../../policy/size';
import { hasUnknown } from '../../policy/text';
import { plainText } from '../environment';
import { invalid } from '../errors';

/**
 * The identity policies of a role that may put events on buses: a statement in the role's own policy, and as many managed policies as the ARNs of further
 * buses need. Each has at most the characters of a managed policy, so that the inline policies of the role have room for 4,000 of others.
 */
export class IdentityPolicies {
  /** Each bus once, by its ARN. */
  public readonly arns: string[] = [];
  private readonly statements: { statement: iam.PolicyStatement; arns: string[] }[] = [];

  /**
   * @param role whose policies they are
   * @param scope what it may publish
   * @param others managed policies that it has besides
   */
  constructor(private readonly role: iam.Role, private readonly scope: Scope, private readonly others: number) {}

  /** Lets the role put events on one more bus. */
  public allow(arn: string): void {
    if (this.arns.includes(arn)) return;
    this.arns.push(arn);
    const last = this.statements.at(-1);
    if (!last || this.characters([...last.arns, arn]) > MANAGED_POLICY_CHARACTERS) return this.startWith(arn);
    last.arns.push(arn);
    last.statement.addResources(arn);
  }

  private startWith(arn: string): void {
    const statement = new iam.PolicyStatement({ actions: ['events:PutEvents'], resources: [arn], conditions: scopeConditions(this.scope) });
    const managed = this.statements.length;
    this.statements.push({ statement, arns: [arn] });
    if (managed === 0) {
      this.role.addToPolicy(statement);
      return;
    }
    if (managed + this.others > MANAGED_POLICIES_PER_ROLE) {
      throw invalid(this.role, `'eventBuses' must fit into ${MANAGED_POLICIES_PER_ROLE} managed policies, got ${this.arns.length} buses, which need more; make another role for the rest`);
    }
    this.role.addManagedPolicy(new iam.ManagedPolicy(this.role, `EventBuses${managed}`, { statements: [statement] }));
  }

  private characters(arns: string[]): number {
    const resources = arns.map((arn) => this.textOrLongest(arn));
    return documentSize([{ Effect: 'Allow', Action: 'events:PutEvents', Resource: resources, Condition: scopeConditions(this.scope) }]).atLeast;
  }

  /** The ARN, where it is not known yet as long as it can be. */
  private textOrLongest(arn: string): string {
    const text = plainText(this.role, arn);
    return text === undefined || hasUnknown(text) ? 'x'.repeat(EVENT_BUS_ARN_CHARACTERS) : text;
  }
}
