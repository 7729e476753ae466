import { AppIndex } from '../../app-model/app-index';
import { ResourcePolicyStatement } from '../../app-model/app-model';
import { pseudoParameterValue } from '../../app-model/resolve/pseudo-parameters';
import { hasUnresolved, mayEqualAnyText } from '../../iam/unresolved-text';
import { Finding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Statements of bus policies with one id in one account and region, whichever bus and stack they are for:
 * CloudFormation takes them for one resource.
 *
 * Blind spots: statements of other apps.
 */
export function checkStatementIds({ model }: AppIndex): Finding[] {
  const first = new Map<string, ResourcePolicyStatement>();
  return model.eventBusStatements
    .filter(({ construct, id }) => construct.cfnResourceType !== 'AWS::Events::EventBus' && !mayEqualAnyText(id))
    .flatMap((statement) => {
      const { stack } = statement.construct;
      const place = `${pseudoParameterValue(stack, 'AWS::AccountId')} ${pseudoParameterValue(stack, 'AWS::Region')}`;
      const before = first.get(`${place} ${statement.id}`);
      if (!before) first.set(`${place} ${statement.id}`, statement);
      if (!before || before.construct === statement.construct) return [];
      const sure =
        !(hasUnresolved(place) && before.construct.stack !== stack) && !before.conditional && !statement.conditional;
      const problem =
        `statement id '${statement.id}' is that of '${before.construct.node.path}' too: it must be ` +
        'unique in an account and region, across buses and stacks, or one statement replaces the other';
      const fix = "give it another 'statementId'";
      return [
        {
          id: FindingId.DUPLICATE_STATEMENT_ID,
          level: sure ? ('error' as const) : ('warning' as const),
          construct: statement.construct,
          problem,
          fix,
        },
      ];
    });
}
