import { Json, isObject, toText } from '../../iam/statement';
import { objectsOf } from '../read-context';
import { Properties } from '../resolve/resource';

/**
 * The entries of the calls of `PutEvents` in the definition of a state machine. A call whose entries are chosen when it
 * runs is represented by an entry with a dynamic bus. A task with credentials of its own uses another role.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html
 */
export function statesThatPutEvents(properties: Properties): Properties[] {
  const definition = definitionOf(properties);
  return definition === undefined ? [] : entriesIn(definition);
}

function definitionOf({ Definition, DefinitionString, DefinitionSubstitutions }: Properties): Json | undefined {
  const text = DefinitionString === undefined ? JSON.stringify(Definition ?? null) : toText(DefinitionString);
  if (!/putEvents/.test(text)) return undefined;
  const substitutions = isObject(DefinitionSubstitutions) ? DefinitionSubstitutions : {};
  const substituted = text.replace(/\$\{(\w+)\}/g, (variable, name: string) => {
    const value = substitutions[name];
    return typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : variable;
  });
  try {
    return JSON.parse(substituted) as Json;
  } catch {
    return undefined;
  }
}

const PUT_EVENTS = /^arn:[^:]*:states:::(events:putEvents|aws-sdk:eventbridge:putEvents)(\.|$)/;

/** The entries in a state and in the states within it. */
function entriesIn(value: Json): Properties[] {
  if (Array.isArray(value)) return value.flatMap(entriesIn);
  if (!isObject(value)) return [];
  if (value.Type !== 'Task') return Object.values(value).flatMap(entriesIn);
  if (!PUT_EVENTS.test(toText(value.Resource)) || value.Credentials !== undefined) return [];
  const input = value.Parameters ?? value.Arguments;
  const entries = isObject(input) ? objectsOf(input.Entries) : [];
  return entries.length > 0 ? entries : [{ 'EventBusName.$': '$' }];
}
