import { CfnResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { accountOf, allowInPolicy } from './target-policy';
import { TargetResource, TargetResourceKind } from './target-resource';
import { untilAllowed, warnManualStep } from '../../checks/engine/warn-manual-step';
import { FindingId } from '../../checks/finding-id';
import { requireOneCdkRelease } from '../../core/cdk-copies';
import { compareEnvironments, isOwnAccount, readNow, requireSameEnvironment } from '../../core/environment';
import { isOwned } from '../../core/ownership';
import { rejectAfterSynthesis } from '../../core/synthesized-stages';
import { PropertyNames } from '../../core/validate-properties';
import { validateIsList, validateRequired } from '../../core/validate-values';
import { validationError } from '../../core/validation-error';
import { EventPublisher } from '../../event-bus/event-publisher';
import { accountId } from '../../eventbridge/formats';
import { Publisher } from '../../eventbridge/publishers';
import { TargetGrant, targetStatement } from '../../eventbridge/target-statements';
import { displayText } from '../../iam/unresolved-text';
import { CrossAccountPermissionProps } from '../cross-account-permission-props';

export const PERMISSION_PROPERTIES: PropertyNames<CrossAccountPermissionProps> = {
  eventBusAccount: true,
  executionRole: true,
  publishers: true,
};

/** What a permission is for, in messages. */
interface PermissionNouns {
  /** Such as `queue`. */
  readonly noun: string;
  /** The target for a rule in the account of the permission. */
  readonly ownTarget: string;
}

/**
 * The publishers of a permission as data. Throws an error if they are missing, or in the account of the permission.
 *
 * @param resource the construct in whose template the principals are
 */
export function publishersOf(
  scope: IConstruct,
  resource: IConstruct,
  props: CrossAccountPermissionProps,
  nouns: PermissionNouns,
): Publisher[] {
  const { eventBusAccount, executionRole, publishers } = props;
  if ((eventBusAccount === undefined) === (publishers === undefined)) {
    const got = publishers === undefined ? 'neither' : 'both';
    throw validationError(
      scope,
      `'eventBusAccount' must be set if 'publishers' is not, and only then, got ${got}; name the account of the bus, ` +
        'or use EventPublisher.accounts(), organization() or role()',
    );
  }
  if (publishers !== undefined) {
    if (executionRole) {
      throw validationError(
        scope,
        `'executionRole' must only be set with 'eventBusAccount', got '${executionRole.node.path}' with ` +
          "'publishers'; use EventPublisher.role() in the list",
      );
    }
    validateIsList(scope, 'publishers', publishers);
    const data = publishers.map((publisher) => EventPublisher._dataOf(resource, publisher));
    if (data.length === 0) {
      throw validationError(scope, "'publishers' must hold at least one publisher, got none; remove the permission");
    }
    for (const publisher of data) validatePublisher(scope, publisher, nouns);
    return data;
  }
  validateRequired(scope, 'eventBusAccount', eventBusAccount!, accountId);
  rejectOwnAccount(scope, 'eventBusAccount', eventBusAccount!, nouns);
  if (!executionRole) return [{ kind: 'Accounts', accounts: [eventBusAccount!] }];
  if (compareEnvironments(executionRole.env.account, eventBusAccount!) === 'different') {
    throw validationError(
      scope,
      `'executionRole' must be a role in the account of the bus ${eventBusAccount}, got one in ` +
        `${executionRole.env.account}; pass the execution role of the rules`,
    );
  }
  return [EventPublisher._dataOf(resource, EventPublisher.role(executionRole))];
}

function validatePublisher(scope: IConstruct, publisher: Publisher, nouns: PermissionNouns): void {
  if (publisher.kind === 'Accounts') {
    for (const account of publisher.accounts) rejectOwnAccount(scope, 'publishers', account, nouns);
  }
  if (publisher.kind === 'Roles') {
    for (const { account } of publisher.roles) rejectOwnAccount(scope, 'publishers', account, nouns);
  }
  if (publisher.kind !== 'Service' && publisher.kind !== 'Principal') return;
  const got = publisher.kind === 'Service' ? `the service ${publisher.service}` : 'another principal';
  throw validationError(
    scope,
    `'publishers' must hold accounts, roles, organizational units or organizations, got ${got}; allow the account ` +
      'or the execution role of the rules',
  );
}

function rejectOwnAccount(
  scope: IConstruct,
  property: string,
  account: string,
  { noun, ownTarget }: PermissionNouns,
): void {
  if (!isOwnAccount(scope, account)) return;
  throw validationError(
    scope,
    `'${property}' must not be the account of this stack, got that account; ` +
      `for a rule in this account, add the ${noun} to the rule as ${ownTarget}`,
  );
}

/** Allows the publishers of a permission in the policy of a target, and in that of its key. */
export function addTargetPermission<T extends IConstruct, C extends CfnResource>(
  scope: IConstruct,
  resource: T,
  kind: TargetResourceKind<T, C>,
  props: CrossAccountPermissionProps,
): void {
  requireOneCdkRelease(scope);
  const target = new TargetResource(scope, resource, kind);
  const { noun, property } = kind;
  requireSameEnvironment(
    scope,
    property,
    target,
    `define this construct in a stack with the account and region of the ${noun}`,
  );
  const publishers = publishersOf(scope, resource, props, { noun, ownTarget: kind.target });
  const { grant, policyResource } = target;
  if (!policyResource) throw notOwnedError(scope, target, publishers, grant);
  target.rejectManagedKey();
  rejectAfterSynthesis(resource, scope, property, {
    must: 'be passed to its permissions',
    got: `'${resource.node.path}', whose policy in the template does not contain this permission`,
  });
  for (const publisher of publishers) {
    allowInPolicy(policyResource, grant, publisher);
    allowKey(scope, target, publisher);
  }
}

function allowKey(scope: IConstruct, target: TargetResource<any, any>, publisher: Publisher): void {
  const { key, kind, resource } = target;
  if (!key) return;
  const grant = target.keyGrant(Stack.of(resource).region);
  if (isOwned(key) && allowInPolicy(key, grant, publisher)) return;
  const statement = targetStatement(grant, publisher, accountOf(resource));
  warnManualStep(scope, {
    id: FindingId.MANUALLY_ADD_KEY_POLICY,
    resource: key.keyArn,
    describe: (text) => ({
      ...untilAllowed(
        `events are not delivered to ${kind.noun} ${text(kind.arnOf(resource))}`,
        `the policy of key ${text(key.keyArn)} allows the execution roles to use it`,
      ),
      reason: 'the key is not defined in this app',
      fix: `add this statement to the key policy: ${text(statement)}, then acknowledge this warning`,
    }),
  });
}

function notOwnedError(
  scope: IConstruct,
  { resource, kind }: TargetResource<any, any>,
  publishers: Publisher[],
  grant: TargetGrant,
): Error {
  const { noun, property } = kind;
  const statements = publishers.map((publisher) =>
    displayText(JSON.stringify(readNow(scope, targetStatement(grant, publisher, accountOf(scope))))),
  );
  return validationError(
    scope,
    `'${property}' must be defined in this app, got the imported ${noun} '${resource.node.path}', whose policy this ` +
      'app cannot change; use this construct in the app that defines it, or add to its policy: ' +
      statements.join(', '),
  );
}
