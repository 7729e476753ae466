import { CfnResource } from 'aws-cdk-lib';
import { DefinedResource, defined, entryOf, nameIn, namedEntry } from './entries';
import { identityArnOf } from './identity-arn';
import { isEventBridge } from './policy-entries';
import {
  EventTopology,
  IdentityEntry,
  IdentityPolicyEntry,
  ManagedPolicyEntry,
  RoleEntry,
  UserEntry,
} from './topology';
import { AppModel, Identity, Role } from '../app-model/app-model';
import { Json, isObject, toList } from '../iam/statement';
import { hasUnresolved, mayEqualAnyText } from '../iam/unresolved-text';
import { groupedBy } from '../util/group-by';

type IdentityLists = Pick<EventTopology, 'roles' | 'users' | 'groups' | 'identityPolicies' | 'managedPolicies'>;

/**
 * The identities that may put events or manage rules, that EventBridge or a publisher uses, that a policy of the file
 * names, and those whose name is known, to which other apps can refer.
 *
 * @param named the ARNs in policies of the file
 */
export function identityEntries(model: AppModel, named: ReadonlySet<string>): IdentityLists {
  return new IdentityWriter(model, named).entries();
}

class IdentityWriter {
  private readonly executionRoles: ReadonlySet<Identity>;
  private readonly rolesOfPublishers: ReadonlySet<string>;
  private readonly ownManagedPolicies: ReadonlySet<string>;
  /** The identities of other apps that each policy names. */
  private readonly arnsInOtherApps: ReadonlyMap<CfnResource, readonly string[]>;

  constructor(
    private readonly model: AppModel,
    private readonly named: ReadonlySet<string>,
  ) {
    const used = new Set(
      model.rules.flatMap(({ roleArn, targets }) => [roleArn, ...targets.map((target) => target.roleArn)]),
    );
    this.executionRoles = new Set(model.roles.filter((role) => used.has(role.arn) || trustsEventBridge(role)));
    this.rolesOfPublishers = new Set(model.publishers.map(({ roleArn }) => roleArn));
    this.ownManagedPolicies = new Set(model.managedPolicies.map(({ arn }) => arn));
    this.arnsInOtherApps = new Map(model.policiesOfOtherApps.map((policy) => [policy.construct, policy.attachedTo]));
  }

  public entries(): IdentityLists {
    const relevant = this.relevantIdentities();
    const roles = this.model.roles.filter((role) => relevant.has(role));
    const users = this.model.users.filter((user) => relevant.has(user));
    const groups = this.model.groups.filter(mayUseEvents);
    const identities = [...roles, ...users, ...groups];
    return {
      roles: roles.map((role): RoleEntry => ({ ...this.identityEntry(role), trustPolicy: role.trust })),
      users: users.map((user): UserEntry => ({ ...this.identityEntry(user), ...groupsOf(user, groups) })),
      groups: groups.map((group) => this.identityEntry(group)),
      identityPolicies: this.identityPolicies(identities),
      managedPolicies: this.managedPolicies(identities),
    };
  }

  /** At least one in each account: without any, it would be unknown whether principals of the account put events. */
  private relevantIdentities(): Set<Identity> {
    const byAccount = groupedBy([...this.model.roles, ...this.model.users], ({ account }) => account);
    return new Set(
      [...byAccount.values()].flatMap((identities) => {
        const relevant = identities.filter((identity) => this.isRelevant(identity));
        return relevant.length > 0 ? relevant : identities.slice(0, 1);
      }),
    );
  }

  private isRelevant(identity: Identity): boolean {
    return (
      this.executionRoles.has(identity) ||
      this.rolesOfPublishers.has(identity.arn) ||
      this.named.has(identity.arn) ||
      !isGenerated(identity.name) ||
      mayUseEvents(identity)
    );
  }

  private identityEntry(identity: Identity): IdentityEntry {
    const { construct, policies, managedPolicyArns, boundaryArn, tags } = identity;
    const inline = policies.filter((policy) => policy.construct === construct).flatMap((policy) => policy.statements);
    return {
      ...namedEntry(identity, identity.name),
      ...defined({
        statements: this.relevantStatements(inline, [identity]),
        managedPolicies: managedPolicyArns.filter((arn) => !this.ownManagedPolicies.has(arn)),
        permissionsBoundary: boundaryArn,
        tags: Object.keys(tags).length > 0 && tags,
      }),
    };
  }

  /**
   * What EventBridge may do with an execution role is about events; for other identities, events only. An identity of
   * another app may be an execution role, which needs the actions of targets.
   */
  private relevantStatements(
    statements: readonly Json[],
    identities: readonly Identity[],
    mayBeUsedByOthers = false,
  ): Json[] {
    const isUsedByEventBridge = identities.some((identity) => this.executionRoles.has(identity));
    const services = mayBeUsedByOthers ? SERVICES_OF_TARGETS : EVENTS;
    return statements.filter((statement) => isUsedByEventBridge || isAbout(services, statement));
  }

  /** Policies that are resources of their own, except managed policies. */
  private identityPolicies(identities: readonly Identity[]): IdentityPolicyEntry[] {
    const managed = new Set(this.model.managedPolicies.map(({ construct }) => construct));
    const attachments = attachmentsOf(identities);
    const attached = new Set(attachments.map(({ policy }) => policy.construct));
    const onlyOfOthers = this.model.policiesOfOtherApps
      .filter(({ construct }) => !attached.has(construct))
      .map((policy) => ({ policy, attachedTo: [] }));
    return [...attachments, ...onlyOfOthers]
      .filter(({ policy }) => !managed.has(policy.construct))
      .map(({ policy, attachedTo }) => this.policyEntry(policy, attachedTo))
      .filter(({ statements }) => statements.length > 0);
  }

  /** A permissions boundary without statements about events denies them. */
  private managedPolicies(identities: readonly Identity[]): ManagedPolicyEntry[] {
    const attachments = new Map(
      attachmentsOf(identities).map(({ policy, attachedTo }) => [policy.construct, attachedTo]),
    );
    return this.model.managedPolicies.flatMap((policy) => {
      const bounded = identities.filter(({ boundaryArn }) => boundaryArn === policy.arn);
      const attachedTo = attachments.get(policy.construct) ?? [];
      const isNamed = !hasUnresolved(policy.arn);
      const { attachedTo: arns, statements, ...entry } = this.policyEntry(policy, [...attachedTo, ...bounded], isNamed);
      const isUsed = isNamed || bounded.length > 0 || (arns.length > 0 && statements.length > 0);
      if (!isUsed) return [];
      const { name } = identityArnOf(policy.arn);
      return [{ ...entry, arn: policy.arn, ...nameIn(name, policy.construct), attachedTo: arns, statements }];
    });
  }

  /** @param mayBeUsedByOthers whether identities of other apps may have the policy, or have it as their boundary */
  private policyEntry(
    policy: DefinedResource & { readonly statements: readonly Json[] },
    identities: readonly Identity[],
    mayBeUsedByOthers = false,
  ): IdentityPolicyEntry {
    const ofOthers = this.arnsInOtherApps.get(policy.construct) ?? [];
    const attachedTo = identities.filter(({ policies }) => policies.some((own) => own.construct === policy.construct));
    return {
      ...entryOf(policy),
      attachedTo: [...attachedTo.map(({ arn }) => arn), ...ofOthers].sort(),
      statements: this.relevantStatements(policy.statements, identities, mayBeUsedByOthers || ofOthers.length > 0),
    };
  }
}

interface Attachment {
  readonly policy: Identity['policies'][number];
  readonly attachedTo: Identity[];
}

/** The policies that are resources of their own, with the identities that have them. */
function attachmentsOf(identities: readonly Identity[]): Attachment[] {
  const attachments = new Map<CfnResource, Attachment>();
  for (const identity of identities) {
    for (const policy of identity.policies) {
      if (policy.construct === identity.construct) continue;
      const attachment = attachments.get(policy.construct) ?? { policy, attachedTo: [] };
      attachments.set(policy.construct, attachment);
      attachment.attachedTo.push(identity);
    }
  }
  return [...attachments.values()];
}

/** The groups of a user: the statements of a group are added to its users. */
function groupsOf(user: Identity, groups: readonly Identity[]): Pick<UserEntry, 'groups'> {
  const statements = new Set(user.statements);
  const own = groups.filter((group) => group.statements.every((statement) => statements.has(statement)));
  return defined({ groups: own.map(({ name }) => name).sort() });
}

/** Other apps can refer to a name that is in the template, also if it is a parameter, but not to a generated one. */
function isGenerated(name: string): boolean {
  return hasUnresolved(name) && !mayEqualAnyText(name);
}

function trustsEventBridge({ trust }: Role): boolean {
  return trust.some(
    (statement) =>
      isObject(statement) && isObject(statement.Principal) && toList(statement.Principal.Service).some(isEventBridge),
  );
}

/** Whether an identity may put events or manage rules. Policies that are not known do not count. */
function mayUseEvents({ statements }: Identity): boolean {
  return statements.some((statement) => {
    if (!isObject(statement) || statement.Effect === 'Deny' || !isAbout(EVENTS, statement)) return false;
    return statement.Action === undefined || toList(statement.Action).some((action) => !action.startsWith('‹'));
  });
}

/** Whether a statement may apply to an action of one of the services. */
function isAbout(services: readonly string[], statement: Json): boolean {
  if (!isObject(statement) || statement.Action === undefined) return true;
  return toList(statement.Action).some((action) => services.some((service) => mayBeActionOf(`${service}:`, action)));
}

function mayBeActionOf(service: string, action: string): boolean {
  const [literal] = action.toLowerCase().split(/[*?‹]/);
  return service.startsWith(literal) || literal.startsWith(service);
}

const EVENTS = ['events'];

/** The services whose actions EventBridge calls with an execution role. */
const SERVICES_OF_TARGETS = [
  ...EVENTS,
  ...['lambda', 'sqs', 'sns', 'kinesis', 'firehose', 'states', 'ecs', 'iam', 'batch', 'codebuild', 'codepipeline'],
  ...[
    'ssm',
    'ssm-incidents',
    'ec2',
    'logs',
    'kms',
    'redshift-data',
    'execute-api',
    'appsync',
    'sagemaker',
    'inspector',
  ],
];
