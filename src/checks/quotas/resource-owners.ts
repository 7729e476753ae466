import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { hasUnresolved } from '../../iam/unresolved-text';
import { groupedBy } from '../../util/group-by';

/** The resources that are defined in this app, by ARN: findings about a resource are reported on its construct. */
export class ResourceOwners {
  private readonly resources: Map<string, { construct: IConstruct }[]>;

  constructor(resources: { arn: string; construct: IConstruct }[]) {
    this.resources = groupedBy(resources, ({ arn }) => arn);
  }

  /**
   * Groups the parts of one resource that count towards its quota together.
   *
   * Stacks without an explicit account and Region may be deployed to different environments. Then resources with the
   * same name are different ones, unless this app defines exactly one resource with that name.
   */
  public groupByEnvironment<T extends { construct: IConstruct }>(arn: string, parts: T[]): T[][] {
    if (!hasUnresolved(arn) || this.resources.get(arn)?.length === 1) return [parts];
    return [...groupedBy(parts, ({ construct }) => Stack.of(construct)).values()];
  }

  /** The construct of the resource that has these parts. If it is not defined in this app, the first part. */
  public ownerOf(arn: string, [firstPart]: { construct: IConstruct }[]): IConstruct {
    const owners = this.resources.get(arn) ?? [];
    const stack = Stack.of(firstPart.construct);
    const owner = owners.find(({ construct }) => Stack.of(construct) === stack) ?? owners[0] ?? firstPart;
    return owner.construct;
  }

  /** The ARN for a finding that is reported on a construct: undefined if the construct has that ARN itself. */
  public arnUnlessOwner(arn: string, reportedOn: IConstruct): string | undefined {
    const isOwner = this.resources.get(arn)?.some(({ construct }) => construct === reportedOn) ?? false;
    return isOwner ? undefined : arn;
  }
}
