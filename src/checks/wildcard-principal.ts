import { Finding } from './finding';
import { FindingId } from '../finding-id';
import { World } from './world';
import { PolicyStatement } from '../model/app-model';
import { opennessOf } from '../policy/openness';
import { Json, isObject, listOf } from '../policy/statement';
import { readable } from '../policy/text';

/**
 * Statements that let in callers whom nobody named.
 *
 * Blind spots: a named account that is not trusted; a condition on a tag or network; whether a source ARN's resource is still there.
 */
export function wildcardPrincipals({ model }: World): Finding[] {
  return [
    ...model.eventBusStatements.flatMap((s) => judge(s, { action: 'events:PutEvents', words: 'put events on', thing: 'bus' }, "name the accounts, or add an 'aws:PrincipalOrgID' condition")),
    ...model.functionStatements.flatMap((s) => judge(s, { action: 'lambda:InvokeFunction', words: 'invoke', thing: 'function' }, "add 'SourceArn' and 'SourceAccount', or a 'PrincipalOrgID'")),
  ];
}

/** The usual action on a bus or function, and how a message says it. */
interface Usual {
  readonly action: string;
  readonly words: string;
  readonly thing: string;
}

function judge({ construct, id, of, statement }: PolicyStatement, usual: Usual, remedy: string): Finding[] {
  const { to, because } = opennessOf(statement);
  if (to === 'nobody' || to === 'named callers') return [];
  const what = `${verb(statement, usual)} ${usual.thing} '${readable(nameOf(of))}'`;
  const message = to === 'anyone'
    ? `statement '${readable(id)}' lets callers of every AWS account ${what}: ${readable(because)}; ${remedy}`
    : `it cannot be told at synth whom statement '${readable(id)}' lets ${what}: ${readable(because)}; ${remedy}`;
  return [{ id: FindingId.WILDCARD_PRINCIPAL, level: 'warning', construct, message }];
}

/** What a statement allows, in words: `put events on`, or `call events:PutRule on`. */
function verb(statement: Json, { action, words }: Usual): string {
  const actions = isObject(statement) ? listOf(statement.Action) : [];
  return actions.length === 0 || actions.includes(action) ? words : `call ${actions.join(', ')} on`;
}

/** `orders` of a bus ARN, `handler` or `handler:live` of a function's. */
function nameOf(arn: string): string {
  return arn.replace(/^arn:[^:]*:events:[^:]*:[^:]*:event-bus\//, '').replace(/^arn:[^:]*:lambda:[^:]*:[^:]*:function:/, '');
}
