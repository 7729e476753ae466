import { Stack, Token } from 'aws-cdk-lib';
import { IRuleRef } from 'aws-cdk-lib/aws-events';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { CfnAlias, CfnKey, IKey } from 'aws-cdk-lib/aws-kms';
import { useProvidedRole } from './provided-role';
import { RuleRole, RuleTarget } from './rule-role';
import { PolicyResource, allowInPolicy } from './target-policy';
import { TargetResource, viaService } from './target-resource';
import { keyNeed, needOfRule } from '../../checks/delivery/lib/needs';
import { ToText, untilAllowed, warnManualStep } from '../../checks/engine/warn-manual-step';
import { FindingId } from '../../checks/finding-id';
import { cfnResourceOf } from '../../core/cfn-resources';
import { compareEnvironments, readNow } from '../../core/environment';
import { isOwned } from '../../core/ownership';
import { rejectAfterSynthesis } from '../../core/synthesized-stages';
import { EventPublisher } from '../../event-bus/event-publisher';
import { Publisher } from '../../eventbridge/publishers';
import { targetStatement } from '../../eventbridge/target-statements';
import { Statement } from '../../iam/statement';

/** A target in this file: its kind determines what is written. */
type Target = TargetResource<any, any>;

/**
 * The role with which EventBridge sends to a target, which allows exactly that. For a target in another account, the
 * policies of the target and of its key allow that role alone; if they are not defined in this app, a warning shows the
 * statement to add.
 */
export function executionRoleFor(rule: IRuleRef, target: Target, providedRole?: IRole): IRole {
  const isCrossAccount = target.account !== 'same';
  const { key } = target;
  const isCrossAccountKey = key !== undefined && isInOtherAccount(rule, key);
  if (isCrossAccount) target.rejectManagedKey();
  const ruleTarget: RuleTarget = {
    arn: target.arn,
    action: target.kind.action,
    needsRoleName: isCrossAccount || isCrossAccountKey,
    keyStatement: keyStatementOf(rule, target),
  };
  const role = providedRole ? useProvidedRole(rule, providedRole, ruleTarget) : RuleRole.for(rule, ruleTarget);
  if (isCrossAccount) allowRole(rule, target, role);
  if (key && (isCrossAccount || isCrossAccountKey)) allowKey(rule, target, role, key);
  return role;
}

function isInOtherAccount(rule: IRuleRef, { env }: IKey): boolean {
  return compareEnvironments(env.account, Stack.of(rule).account) === 'different';
}

/**
 * What the role needs on the key of an encrypted target. The ARN of a key in another account of this app is known only
 * at deployment, and policies cannot name a key by its alias, so the encryption context names the target instead.
 */
function keyStatementOf(rule: IRuleRef, { kind, key, env, arn }: Target): Statement | undefined {
  const { encryption } = kind;
  if (!encryption || !key) return undefined;
  const { partition } = Stack.of(rule);
  const region = Token.isUnresolved(env.region) ? rule.env.region : env.region;
  const isUnnamed = isAlias(rule, key) || (isInOtherAccount(rule, key) && cfnResourceOf(key, CfnKey.isCfnKey));
  return {
    Effect: 'Allow',
    Action: [...encryption.actions],
    Resource: isUnnamed ? `arn:${partition}:kms:${region}:${key.env.account}:key/*` : key.keyArn,
    Condition: {
      StringEquals: {
        'kms:ViaService': viaService(encryption.service, region),
        ...(isUnnamed && { [`kms:EncryptionContext:${encryption.contextKey}`]: arn }),
      },
    },
  };
}

function isAlias(rule: IRuleRef, key: IKey): boolean {
  if (cfnResourceOf(key, CfnAlias.isCfnAlias)) return true;
  return String(readNow(rule, key.keyArn)).includes(':alias/');
}

/** Allows an execution role in the policy of a target in another account. */
function allowRole(rule: IRuleRef, target: Target, role: IRole): void {
  const { policyResource, resource, kind } = target;
  if (policyResource) {
    rejectAfterSynthesis(resource, rule, kind.property, {
      must: 'be a target of its rules',
      got: `'${resource.node.path}', whose policy in the template does not allow this rule`,
    });
    allowInPolicy(policyResource, target.grant, publisherOf(policyResource, role));
  } else {
    warnManualPolicy(rule, target, role);
  }
}

/** The role as a publisher in the template of a resource. */
function publisherOf(resource: PolicyResource | IRuleRef, role: IRole): Publisher {
  return EventPublisher._dataOf(resource, EventPublisher.role(role));
}

/** Allows an execution role to use the key of a target. The service of the target calls AWS KMS on its behalf. */
function allowKey(rule: IRuleRef, target: Target, role: IRole, key: IKey): void {
  const { kind, env } = target;
  const grant = target.keyGrant(isOwned(key) ? Stack.of(key).region : env.region);
  if (isOwned(key) && allowInPolicy(key, grant, publisherOf(key, role))) return;
  const { partition } = Stack.of(rule);
  const statement = targetStatement(grant, publisherOf(rule, role), { account: key.env.account, partition });
  warnManualStep(rule, {
    id: FindingId.MANUALLY_ADD_KEY_POLICY,
    resource: key.keyArn,
    encryptedResource: target.arn,
    describe: (text) => ({
      ...untilAllowed(
        'events are not delivered',
        `the policy of key ${text(key.keyArn)} of ${kind.noun} ${text(target.arn)} allows role ` +
          `${text(role.roleArn)} to use it`,
      ),
      reason: "the key is not defined in this app or in 'otherApps'",
      fix:
        `use ${kind.permission} in the app that defines the ${kind.noun} and the key, or add this statement to the ` +
        `key policy, then acknowledge this warning: ${text(statement)}`,
    }),
    need: (_, keyArn) => {
      const [targetArn, roleArn] = [target.arn, role.roleArn].map((arn) => String(readNow(rule, arn)));
      return keyNeed(keyArn, targetArn, roleArn);
    },
  });
}

function warnManualPolicy(rule: IRuleRef, target: Target, role: IRole): void {
  const { arn, kind, env, isOwned: isDefinedInApp } = target;
  const { partition } = Stack.of(rule);
  const statement = targetStatement(target.grant, publisherOf(rule, role), { account: env.account, partition });
  warnManualStep(rule, {
    id: kind.manualStep,
    resource: arn,
    isOwned: isDefinedInApp,
    describe: (text) => ({
      ...untilAllowed(
        'events are not delivered',
        `the policy of ${kind.noun} ${text(arn)} allows role ${text(role.roleArn)} to call ${kind.action}`,
      ),
      reason: reasonOf(target),
      fix: fixOf(text, target, role, statement),
    }),
    need: (app, targetArn) => needOfRule(app, rule, targetArn),
  });
}

function reasonOf({ kind, account, region, env }: Target): string {
  const inRegion = region === 'unknown' ? `, and the rule must be deployed to the region of the ${kind.noun}` : '';
  if (account !== 'unknown') return `the ${kind.noun} is not defined in this app or in 'otherApps'${inRegion}`;
  const unknown = Token.isUnresolved(env.account) ? `the ${kind.noun}` : 'this stack';
  return `the account of ${unknown} is known only at deployment${inRegion}`;
}

function fixOf(text: ToText, { kind, account, env, key }: Target, role: IRole, statement: Statement): string {
  const owner = account === 'unknown' ? `if the ${kind.noun} is in another account, ` : '';
  const where = account === 'unknown' ? 'there' : `in account ${text(env.account)}`;
  const encrypted =
    kind.encryption && !key
      ? `; if a customer managed key encrypts the ${kind.noun}, import the ${kind.noun} with its key`
      : '';
  const note = kind.manualStepNote === undefined ? '' : `; ${kind.manualStepNote}`;
  const allowed = `EventPublisher.role('${text(role.roleArn)}') in 'publishers'`;
  return (
    `${owner}use ${kind.permission} in the app that defines it, with ${allowed}, or add this statement to the ` +
    `${kind.noun} policy ${where}, then acknowledge this warning: ${text(statement)}${encrypted}${note}`
  );
}
