import type { Stack } from 'aws-cdk-lib';
import type { AppModel, AppResource, Identity, ResourcePolicyStatement, Rule } from './app-model';
import { isInKnownEnvironment } from './environments';
import { OtherApp } from './other-apps';
import { environmentOf } from './resolve/pseudo-parameters';
import { Arn, parseArn } from '../iam/arn';
import { isObject, toList } from '../iam/statement';
import { memoize, memoizeByObject } from '../util/memoize';

/**
 * The part of a model that checks evaluate: everything in this app, and of other apps only what can concern a resource
 * in one of its accounts. Findings about anything else are not reported, and most of what other apps deploy is such.
 *
 * @param others the apps whose constructs are separate from this app
 */
export function evaluatedResources(model: AppModel, others: readonly OtherApp[]): AppModel {
  // A stack without an environment may be deployed to any account.
  if (others.length === 0 || !model.stacks.every(isInKnownEnvironment)) return model;
  return new Evaluated(model, others).partOf(model);
}

/** The roles, users and groups of an app. */
export type Identities = Pick<AppModel, 'roles' | 'users' | 'groups'>;

/**
 * The roles, users and groups that this app defines, or has a policy for. Checks of their policies alone need no
 * others: what they find about those is reported by the app that defines the role or policy.
 *
 * @param others the apps whose constructs are separate from this app
 */
export function ownIdentities({ roles, users, groups }: Identities, others: readonly OtherApp[]): Identities {
  if (others.length === 0) return { roles, users, groups };
  const isOwn = isOwnAmong(others);
  const own = <T extends Identity>(all: readonly T[]) =>
    all.filter((identity) => isOwn(identity) || identity.policies.some(isOwn));
  return { roles: own(roles), users: own(users), groups: own(groups) };
}

/** Whether a resource is in none of some apps; looked up once for each stack. */
const isOwnAmong = memoizeByObject((others: readonly OtherApp[]) => {
  const isSeparate = memoizeByObject((stack: Stack) => others.some((other) => other.contains(stack)));
  return ({ construct }: Resource): boolean => !isSeparate(construct.stack);
});

type Resource = Pick<AppResource, 'construct'>;

class Evaluated {
  private readonly accounts: ReadonlySet<string>;
  /** What this app has policies for. A policy may be in the wrong account or Region by mistake. */
  private readonly withPolicy: ReadonlySet<string>;
  private readonly isOwn: (resource: Resource) => boolean;
  /** Memoized, because many resources name the same bus, queue or role. */
  private readonly isOfConcern = memoize((arn: string) => this.mayBeInApp(arn));

  constructor(model: AppModel, others: readonly OtherApp[]) {
    this.accounts = new Set(model.stacks.map((stack) => environmentOf(stack).account));
    this.isOwn = isOwnAmong(others);
    const { eventBusStatements, functionStatements, queueStatements, topicStatements } = model;
    const { streamStatements, restApiStatements } = model;
    const ofTargets = [functionStatements, queueStatements, topicStatements, streamStatements, restApiStatements];
    const statements = [eventBusStatements, ...ofTargets].flat();
    this.withPolicy = new Set(statements.filter(this.isOwn).map(({ resourceArn }) => anywhere(resourceArn)));
  }

  public partOf(model: AppModel): AppModel {
    const { isOwn } = this;
    const statements = <T extends ResourcePolicyStatement>(all: readonly T[]) =>
      all.filter((statement) => isOwn(statement) || this.mayBeHere(statement.resourceArn));
    const identities = <T extends Identity>(all: readonly T[]) =>
      all.filter((identity) => isOwn(identity) || this.concernsIdentity(identity));
    return {
      ...model,
      eventBuses: model.eventBuses.filter((bus) => isOwn(bus) || this.mayBeHere(bus.arn, bus.deadLetterArn, bus.key)),
      rules: model.rules.filter((rule) => isOwn(rule) || this.mayBeHere(...arnsOf(rule))),
      roles: identities(model.roles),
      users: identities(model.users),
      groups: identities(model.groups),
      managedPolicies: model.managedPolicies.filter(isOwn),
      eventBusStatements: statements(model.eventBusStatements),
      eventBusV2Statements: statements(model.eventBusV2Statements),
      functionStatements: statements(model.functionStatements),
      queueStatements: statements(model.queueStatements),
      topicStatements: statements(model.topicStatements),
      streamStatements: statements(model.streamStatements),
      restApiStatements: statements(model.restApiStatements),
      keyStatements: statements(model.keyStatements),
    };
  }

  /** A role, user or group in an account of this app, where its policies are too, or that may use a resource there. */
  private concernsIdentity({ arn, statements }: Identity): boolean {
    const resources = statements.flatMap((statement) => (isObject(statement) ? toList(statement.Resource) : []));
    return this.mayBeHere(arn, ...resources);
  }

  /** Whether an ARN, or a pattern for ARNs, can be that of a resource in an account, or with a policy, of this app. */
  private mayBeHere(...arns: readonly (string | undefined)[]): boolean {
    return arns.some((arn) => arn !== undefined && this.isOfConcern(arn));
  }

  private mayBeInApp(arn: string): boolean {
    const parsed = parseArn(arn);
    return isInAccounts(parsed, this.accounts) || this.withPolicy.has(anywhere(arn, parsed));
  }
}

/** Whether an ARN, or a pattern for ARNs, can be that of a resource in one of the accounts. */
export function isInAccounts({ account }: Pick<Arn, 'account'> = NO_ACCOUNT, accounts: ReadonlySet<string>): boolean {
  return account === '' || accounts.has(account) || /[*?‹]/.test(account);
}

const NO_ACCOUNT = { account: '' };

/** An ARN without its account and Region. */
export function anywhere(arn: string, parsed = parseArn(arn)): string {
  const { service, resource } = parsed ?? { service: '', resource: arn };
  return `${service}:${resource}`;
}

/** The ARNs of the resources that a rule uses. */
function arnsOf({ eventBusArn, roleArn, targets }: Rule): (string | undefined)[] {
  const ofTargets = targets.flatMap((target) => [target.arn, target.roleArn, target.deadLetterArn]);
  return [eventBusArn, roleArn, ...ofTargets];
}
