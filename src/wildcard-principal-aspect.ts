import { IAspect } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Check, JudgeAtSynth } from './checks/judge-at-synth';
import { wildcardPrincipals } from './checks/wildcard-principal';

/**
 * Checks whom the policies of buses and functions let in, whoever wrote them. A wildcard principal must come with a condition that limits the
 * caller to given accounts, organizations or principals; a condition on the event does not. A service must come with the source it acts for.
 *
 * What lets strangers in, or may, is a warning on the policy, permission or bus that says so.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions.html
 */
export class WildcardPrincipalAspect implements IAspect {
  private readonly judge = new JudgeAtSynth(wildcardPrincipalChecks());

  /** Called by the CDK for every construct. */
  public visit(node: IConstruct): void {
    this.judge.visit(node);
  }
}

/** The checks of this aspect, for those who run all of them. */
export function wildcardPrincipalChecks(_trusted: { trustedAccounts?: string[]; trustedOrganizations?: string[] } = {}): Check[] {
  return [{ name: 'wildcardPrincipal', findings: wildcardPrincipals }];
}
