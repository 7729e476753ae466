import { ArnFormat, Stack } from 'aws-cdk-lib';
import { IEventBusRef } from 'aws-cdk-lib/aws-events';
import { IConstruct } from 'constructs';
import { pathParts, resolveNow, shortHash } from '../../core/environment';
import { validationError } from '../../core/validation-error';
import {
  BusPolicyContext,
  Grant,
  RuleGrant,
  ruleManagementStatements,
  putEventsStatements,
} from '../../eventbridge/bus-statements';
import { Statement, canonical } from '../../iam/statement';
import { hash } from '../../util/names';

/** What a bus policy consists of. */
export interface PolicyContent {
  readonly grants: Grant[];
  readonly ruleGrants: RuleGrant[];
  /** Statements that are not merged with other statements, by statement ID. */
  readonly customStatements: ReadonlyMap<string, Statement>;
}

export const EMPTY_POLICY: PolicyContent = { grants: [], ruleGrants: [], customStatements: new Map() };

/** The construct that writes a bus policy. */
export interface PolicyScope {
  readonly policy: IConstruct;
  /** The construct that error messages name. */
  readonly errorScope: IConstruct;
  /** What the statement IDs depend on besides, see `eventBusKey()`. */
  readonly busKey?: string;
}

/** Adds a statement with an ID of its own. Throws an error if the ID has another statement already. */
export function withCustomStatement(
  { customStatements }: PolicyContent,
  errorScope: IConstruct,
  id: string,
  statement: Statement,
): Pick<PolicyContent, 'customStatements'> {
  const existing = customStatements.get(id);
  if (existing && canonical(existing) !== canonical(statement)) {
    throw validationError(
      errorScope,
      `'sid' must be unique on a bus, got '${id}' for two statements; change one of them, or omit it to have one ` +
        'generated',
    );
  }
  return { customStatements: new Map(customStatements).set(id, statement) };
}

/** All statements of a bus policy, by statement ID. Throws an error if an ID has two statements. */
export function renderStatements(
  scope: PolicyScope,
  content: PolicyContent,
  context: BusPolicyContext,
): Map<string, Statement> {
  const statements = new Map<string, Statement>();
  for (const [id, statement] of [...generatedStatements(scope, content, context), ...content.customStatements]) {
    if (statements.has(id)) {
      throw validationError(
        scope.errorScope,
        `'sid' must be unique on a bus, got '${id}' for two statements; change the 'sid', or add or remove a value ` +
          'in the allowed events',
      );
    }
    statements.set(id, statement);
  }
  return statements;
}

function generatedStatements(
  scope: PolicyScope,
  { grants, ruleGrants }: PolicyContent,
  context: BusPolicyContext,
): [id: string, statement: Statement][] {
  try {
    const identified = [...putEventsStatements(grants, context), ...ruleManagementStatements(ruleGrants, context)];
    return identified.map(({ kind, key, statement }) => [generatedId(scope, kind, key), statement]);
  } catch (error) {
    throw validationError(scope.errorScope, (error as Error).message);
  }
}

/** The ID of a statement that was added unchanged, without a `sid`. */
export function idOfStatement(scope: PolicyScope, statement: Statement): string {
  return generatedId(scope, 'Statement', canonical(resolveNow(scope.policy, statement)));
}

/** Unique in an account and Region, because the statement ID is the physical ID of the resource. */
function generatedId({ policy, busKey }: PolicyScope, kind: string, key: string): string {
  const parts = [pathParts(policy), shortHash(policy, JSON.parse(key)), ...(busKey === undefined ? [] : [busKey])];
  return `${kind}-${hash(canonical(parts), 12)}`;
}

/** The bus as the statements of its policy refer to it. */
export function policyContext(policy: IConstruct, eventBus: IEventBusRef, compact: boolean): BusPolicyContext {
  const { eventBusArn: arn, eventBusName: name } = eventBus.eventBusRef;
  const stack = Stack.of(policy);
  const ruleArns = stack.formatArn({
    service: 'events',
    resource: name === 'default' ? 'rule/*' : `rule/${name}/*`,
    arnFormat: ArnFormat.NO_RESOURCE_NAME,
  });
  return { arn, ruleArns, account: stack.account, partition: stack.partition, compact };
}
