import { CodeLanguage, callIn, calleeIn, flagIn, memberIn, propertyIn } from './code-languages';
import { parseArguments } from './code-values';

/**
 * The names of properties and arguments in messages that have several words. A name with one word is the same in
 * Python and Java, and differs by a capital letter in the other languages.
 */
export const PROPERTY_NAMES: readonly string[] = [
  ...['accountGrantForm', 'allowedEvents', 'allowedPattern', 'allowedRules', 'apiKeyRequired', 'apiPolicyLimit'],
  ...['assumeRolePolicy', 'assumedBy', 'authorizationType', 'contentBasedDeduplication', 'deadLetterQueue'],
  ...['detailType', 'detailTypes', 'disableExecuteApiEndpoint', 'disabledFindings', 'eventBus', 'eventBusAccount'],
  ...['eventBusName', 'eventBusPolicyLimit', 'eventBuses', 'eventPatternLimit', 'eventSourceName'],
  ...['excludedRuleRegions', 'executionRole', 'externalIds', 'functionName'],
  ...['functionPolicyLimit', 'headerParameters', 'kmsKey', 'logConfig', 'logGroup', 'maxEventAge', 'messageGroupId'],
  ...['organizationalUnits', 'otherApps', 'partitionKeyPath', 'pathParameterValues', 'permissionScope'],
  ...['permissionsBoundary', 'policyLimit', 'previousRoleNames', 'publisherAccount', 'publisherArn'],
  ...['publisherService', 'queryStringParameters', 'queueName'],
  ...['resourcePolicy', 'restApi', 'restApiAccount', 'restrictToExecutionRole', 'retryAttempts', 'roleName'],
  ...['ruleArns', 'ruleRegions', 'rulesLimit', 'rulesPerEventBusLimit', 'schemaDiscovery', 'sourceAccounts'],
  ...['sourceArns', 'sourceOrganization', 'statementId', 'targetArn', 'targetArns', 'trustPolicyLimit'],
  ...['trustedAccounts', 'trustedOrganizations', 'warningThresholdPercent'],
];

/** The methods in messages. */
export const METHODS: readonly string[] = [
  ...['accounts', 'addDependency', 'addStage', 'addToResourcePolicy', 'allowPublisher', 'allowRuleManagement'],
  ...['applyTo', 'formatArn', 'fromEventBusArn', 'fromEventBusName', 'fromRestApiId', 'grantAllPutEvents'],
  ...['grantPutEventsTo'],
  ...['inOrganization', 'of', 'ofAll', 'organization', 'organizationalUnits', 'role', 'service', 'split', 'addTo'],
  ...['valueForStringParameter', 'withExternalId'],
];

/** The classes and enums whose members are in messages. */
export const TYPES: readonly string[] = [
  ...['AccountGrantForm', 'AuthorizationType', 'CrossAccountEventChecks', 'CrossAccountEventChecksPlugin'],
  ...['CrossAccountPrincipal', 'EventAssertions', 'EventBus', 'EventBusInvocation', 'EventPublisher', 'Fn'],
  ...['LambdaPermissionScope', 'PhysicalName', 'QueueEncryption', 'QueuePermissionScope', 'RestApi'],
  ...['StreamEncryption', 'StringParameter'],
];

/** Words before a text in quotes that the user chose, such as the name of a resource, and not a property. */
const BEFORE_VALUES = new RegExp(
  `\\b(${[
    ...['got', 'of', 'on', 'is', 'for', 'never', 'text', 'unnamed', 'no', 'source', 'target', 'principal', 'alias'],
    ...['app', 'stage', 'stack', 'bus', 'rule', 'role', 'statement', 'permission', 'archive', 'endpoint', 'key'],
    ...['function', 'queue', 'topic', 'stream', 'API', 'bucket', 'service'],
  ].join('|')}) $`,
);

const CALL = /(?<![\w."/-])(?:([A-Za-z]\w*)\.)?([a-z]\w*)\(/;
const MEMBER = /(?<![\w.'"/-])([A-Z]\w*)\.([A-Z][A-Z_]+)\b/;
const FLAG = /'([a-z]\w*): (true|false)'/;
const PROPERTY = /'([a-z]\w*)'/;
const CODE = new RegExp([CALL, MEMBER, FLAG, PROPERTY].map(({ source }) => `(?:${source})`).join('|'));

/**
 * A message with its code in another language than TypeScript: calls with their arguments, names of properties, and
 * members of classes. Policies in JSON, ARNs and names of resources stay as they are.
 *
 * Blind spot: a resource whose name is that of a property, such as a stack `eventBus`, if no noun is before it.
 */
export function messageIn(language: CodeLanguage, message: string): string {
  let rest = message;
  let written = '';
  for (let found = CODE.exec(rest); found; found = CODE.exec(rest)) {
    written += rest.slice(0, found.index);
    rest = rest.slice(found.index + found[0].length);
    const code = codeIn(language, found, written, rest);
    written += code?.text ?? found[0];
    rest = code?.rest ?? rest;
  }
  return written + rest;
}

/** The code that was found in a message, in another language, and what follows it; undefined if it is no code. */
function codeIn(
  language: CodeLanguage,
  [, on, method, type, member, flag, value, property]: RegExpExecArray,
  before: string,
  rest: string,
): { readonly text: string; readonly rest: string } | undefined {
  if (method !== undefined) {
    const isKnown = on !== undefined && /^[A-Z]/.test(on) ? TYPES.includes(on) : METHODS.includes(method);
    if (!isKnown) return undefined;
    const args = parseArguments(rest);
    if (!args) return { text: `${calleeIn(language, on, method)}(`, rest };
    return { text: callIn(language, { kind: 'call', on, method, args: args.value }), rest: args.rest };
  }
  if (type !== undefined) return TYPES.includes(type) ? { text: memberIn(language, type, member), rest } : undefined;
  if (flag !== undefined) return { text: `'${flagIn(language, flag, value === 'true')}'`, rest };
  if (!PROPERTY_NAMES.includes(property) || BEFORE_VALUES.test(before)) return undefined;
  return { text: `'${propertyIn(language, property)}'`, rest };
}
