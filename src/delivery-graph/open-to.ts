import { ANY_ACCOUNT } from './named-principals';
import { AppIndex } from '../app-model/app-index';
import { eventStatements, isTopicStatementForEventBridge } from '../checks/access/resource-statements';
import { AccessAnalysis } from '../iam/access-analysis';
import { groupedBy } from '../util/group-by';
import { memoizeByObject } from '../util/memoize';

const statementsByResource = memoizeByObject((app: AppIndex) =>
  groupedBy(
    eventStatements(app).filter((statement) => !isTopicStatementForEventBridge(statement)),
    ({ resourceArn }) => resourceArn,
  ),
);

/** Who beyond accounts, roles and users may use a resource, by the part of its policy that concerns events. */
export function openTo(app: AppIndex, arn: string): string[] {
  const statements = statementsByResource(app).get(arn) ?? [];
  return [...new Set(statements.flatMap(({ statement }) => principalsOf(app.accessOf(statement))))].sort();
}

function principalsOf({ access, restrictions }: AccessAnalysis): string[] {
  if (access === 'public') return [ANY_ACCOUNT];
  if (access === 'unknown') return ['principals that are known only at deployment'];
  const isNarrow = restrictions.some(({ principals }) => principals.every(({ account }) => account !== undefined));
  if (isNarrow) return [];
  return restrictions.slice(0, 1).flatMap(({ principals }) => principals.map(({ name }) => name));
}
