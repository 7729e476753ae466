import { formatNumber, pluralize } from './quota-usage';
import { ResourcePolicyStatement } from '../../app-model/app-model';
import { ShorterForm, ShorterPolicy, shorterPolicies } from '../../eventbridge/shorter-policies';
import { accountOf } from '../../iam/arn';

/** The changes that make a bus policy shorter, each with the size of the policy after it. */
export function describeShorterPolicies(
  statements: readonly ResourcePolicyStatement[],
  generation: 'generation 1' | 'generation 2' = 'generation 1',
): string[] {
  const documents = statements.map(({ statement }) => statement);
  return shorterPolicies(documents, accountOf(statements[0].resourceArn))
    .filter(({ form }) => form !== 'compact' || generation === 'generation 1')
    .map((shorter) => `${CHANGES[shorter.form](shorter)}: ${formatNumber(shorter.characters)} characters`);
}

const CHANGES: { readonly [form in ShorterForm]: (shorter: ShorterPolicy) => string } = {
  merged: (shorter) => `allow ${publishersOf(shorter)} with allowPublisher() without a 'sid'`,
  compact: () => "set 'accountGrantForm' to AccountGrantForm.COMPACT",
  rolesAsAccounts: ({ roles }) =>
    `allow the accounts of the ${pluralize(roles, 'role')} with EventPublisher.accounts()`,
  sharedEvents: (shorter) => `use one 'allowedEvents' with all values for ${publishersOf(shorter)}`,
  organization: (shorter) => `allow an organization instead of ${publishersOf(shorter)}`,
};

function publishersOf({ accounts, roles }: ShorterPolicy): string {
  const parts = [
    ...(accounts > 0 ? [pluralize(accounts, 'account')] : []),
    ...(roles > 0 ? [pluralize(roles, 'role')] : []),
  ];
  return parts.join(' and ');
}
