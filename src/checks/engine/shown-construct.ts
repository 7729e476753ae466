import {
  BootstraplessSynthesizer,
  CliCredentialsStackSynthesizer,
  DefaultStackSynthesizer,
  IStackSynthesizer,
  LegacyStackSynthesizer,
  Stack,
} from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { isInstanceOf } from '../../app-model/cdk-internals';

/**
 * The construct on which the CDK shows an annotation about a construct: the construct itself or, if its stack is no
 * artifact of the cloud assembly, the stack around it. Examples are stacks whose template is an asset of a stack set or
 * of a product of AWS Service Catalog.
 *
 * Blind spot: whether a synthesizer that is not part of the CDK adds an artifact is known only when it runs. Within
 * another stack, it is assumed not to.
 */
export function shownConstruct(construct: IConstruct): IConstruct {
  const stack = topLevelStackOf(construct);
  const outer = stack?.node.scope && topLevelStackOf(stack.node.scope);
  return !stack || !outer || addsArtifact(stack) ? construct : shownConstruct(outer);
}

/** The stack whose artifact has the annotations of a construct: nested stacks have none of their own. */
function topLevelStackOf({ node }: IConstruct): Stack | undefined {
  return node.scopes
    .reverse()
    .find((scope): scope is Stack => Stack.isStack(scope) && scope.nestedStackParent === undefined);
}

function addsArtifact({ synthesizer }: Stack): boolean {
  return SYNTHESIZERS_WITH_ARTIFACT.some((type) => isInstanceOf(synthesizer, type));
}

const SYNTHESIZERS_WITH_ARTIFACT: readonly (new () => IStackSynthesizer)[] = [
  DefaultStackSynthesizer,
  LegacyStackSynthesizer,
  BootstraplessSynthesizer,
  CliCredentialsStackSynthesizer,
];
