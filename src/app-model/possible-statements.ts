import type { AppModel, Identity, PolicyOfOtherApp, ResourcePolicyStatement } from './app-model';
import { environmentOf } from './resolve/pseudo-parameters';
import { arnParts, parseArn } from '../iam/arn';
import { equals } from '../iam/matching';
import { isAttribute, mayEqualAnyText, splitText } from '../iam/unresolved-text';
import { memoize, memoizeByObject } from '../util/memoize';

/**
 * The statements of policies whose bus, function, queue, topic, stream, role or user is known only at deployment, such
 * as that in a parameter. They may be in the policies of any such resource in the account and Region of their stack.
 */
export class PossibleStatements {
  /** The statements on the resource with an ARN, as far as they may be in its policy. */
  public readonly on = memoize((arn: string) => this.find(arn));
  /** The policies that a role or user may have. */
  public readonly of = memoizeByObject((identity: Identity) =>
    this.policies.filter(({ attachedTo }) => attachedTo.some((arn) => mayBeIdentity(arn, identity))),
  );
  private readonly policies: readonly PolicyOfOtherApp[];
  private readonly byService: { readonly [service: string]: readonly ResourcePolicyStatement[] };

  constructor(model: AppModel) {
    this.policies = model.policiesOfOtherApps.filter(({ attachedTo }) => attachedTo.some(mayBeAnyResource));
    this.byService = {
      events: model.eventBusStatements.filter(isResourceUnresolved),
      lambda: model.functionStatements.filter(isResourceUnresolved),
      sqs: model.queueStatements.filter(isResourceUnresolved),
      sns: model.topicStatements.filter(isResourceUnresolved),
      kinesis: model.streamStatements.filter(isResourceUnresolved),
    };
  }

  private find(arn: string): readonly ResourcePolicyStatement[] {
    const statements = this.byService[parseArn(arn)?.service ?? ''] ?? [];
    return statements.filter(({ construct, resourceArn }) => {
      const parts = parseArn(resourceArn) ? arnParts(resourceArn) : partsInEnvironment(construct.stack, arn);
      return resourceArn !== arn && arnParts(arn).every((part, i) => equals(parts[i] ?? '', part) !== false);
    });
  }
}

function isResourceUnresolved({ resourceArn }: ResourcePolicyStatement): boolean {
  return mayBeAnyResource(resourceArn);
}

/** Whether the ARN of the resource that a policy is for can be that of any resource at deployment. */
export function mayBeAnyResource(resourceArn: string): boolean {
  return mayEqualAnyText(resourceArn) && !isAttribute(resourceArn);
}

/** The parts of an ARN in the account and Region of a stack: no other stack can write the policy of a resource. */
function partsInEnvironment(stack: ResourcePolicyStatement['construct']['stack'], arn: string): string[] {
  const { partition, region, account } = environmentOf(stack);
  const [prefix, , service, , , resource] = arnParts(arn);
  return [prefix, partition, service, region, account, resource];
}

/** @param arn the ARN of a role, user or group without the path of its name */
function mayBeIdentity(arn: string, identity: Identity): boolean {
  const [own, other] = [parseArn(identity.arn), parseArn(arn)];
  const [kind, name] = splitText(other?.resource ?? '', '/', 2);
  const isSameKind = other?.account === own?.account && own?.resource.startsWith(`${kind}/`) === true;
  return isSameKind && mayBeAnyResource(arn) && equals(name, identity.name) !== false;
}
