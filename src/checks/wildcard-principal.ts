import { Finding } from './finding';
import { FindingId } from '../finding-id';
import { AppModel, PolicyStatement } from '../model/app-model';
import { opennessOf } from '../policy/openness';
import { readable } from '../policy/text';

/**
 * Statements that let in callers whom nobody named.
 *
 * Blind spots: a named account that is not trusted; a condition on a tag or network; whether a source ARN's resource is still there.
 */
export function wildcardPrincipals(model: AppModel): Finding[] {
  return [
    ...model.eventBusStatements.flatMap((s) => judge(s, 'put events on bus', "name the accounts, or add an 'aws:PrincipalOrgID' condition")),
    ...model.functionStatements.flatMap((s) => judge(s, 'invoke function', "add 'SourceArn' and 'SourceAccount', or a 'PrincipalOrgID'")),
  ];
}

function judge({ construct, id, of, statement }: PolicyStatement, what: string, remedy: string): Finding[] {
  const { to, because } = opennessOf(statement);
  if (to === 'nobody' || to === 'named callers') return [];
  const message = to === 'anyone'
    ? `statement '${readable(id)}' lets callers of every AWS account ${what} '${readable(nameOf(of))}': ${because}; ${remedy}`
    : `it cannot be told at synth whom statement '${readable(id)}' lets ${what} '${readable(nameOf(of))}': ${because}; ${remedy}`;
  return [{ id: FindingId.WILDCARD_PRINCIPAL, level: 'warning', construct, message }];
}

/** `orders` of a bus ARN, `handler` or `handler:live` of a function's. */
function nameOf(arn: string): string {
  return arn.replace(/^arn:[^:]*:events:[^:]*:[^:]*:event-bus\//, '').replace(/^arn:[^:]*:lambda:[^:]*:[^:]*:function:/, '');
}
