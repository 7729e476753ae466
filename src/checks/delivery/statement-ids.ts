import { FindingId } from '../../finding-id';
import { PolicyStatement } from '../../model/app-model';
import { pseudo } from '../../model/pseudo';
import { hasUnknown, mayBeAnyText } from '../../policy/text';
import { Finding } from '../finding';
import { World } from '../world';

/**
 * Statements of bus policies with one id in one account and region, whichever bus and stack they are for: CloudFormation takes them for one resource.
 *
 * Blind spots: statements of other apps.
 */
export function statementIdsTwice({ model }: World): Finding[] {
  const first = new Map<string, PolicyStatement>();
  return model.eventBusStatements.filter(({ construct, id }) => construct.cfnResourceType !== 'AWS::Events::EventBus' && !mayBeAnyText(id)).flatMap((statement) => {
    const { stack } = statement.construct;
    const place = `${pseudo(stack, 'AWS::AccountId')} ${pseudo(stack, 'AWS::Region')}`;
    const before = first.get(`${place} ${statement.id}`);
    if (!before) first.set(`${place} ${statement.id}`, statement);
    if (!before || before.construct === statement.construct) return [];
    const sure = !(hasUnknown(place) && before.construct.stack !== stack) && !before.conditional && !statement.conditional;
    const message = `statement id '${statement.id}' is that of '${before.construct.node.path}' too: it must be unique in an account and region, across buses and stacks, or one statement replaces the other; give it another 'statementId'`;
    return [{ id: FindingId.STATEMENT_ID_TWICE, level: sure ? 'error' as const : 'warning' as const, construct: statement.construct, message }];
  });
}
