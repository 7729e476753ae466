import { CfnElement, CfnOutput, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { pseudoParameterValue } from './pseudo-parameters';
import type { TokenResolver } from './token-resolver';
import { accountOf } from '../../iam/arn';
import { Json, isObject, toText } from '../../iam/statement';
import { memoize } from '../../util/memoize';
import { assemblyOf, constructsInAssembly } from '../assembly';

/** The outputs of stacks, by which functions find values of other stacks. */
export class Outputs {
  private readonly active = new Set<CfnOutput>();
  private readonly outputsIn = memoize((assembly: IConstruct) => this.readOutputs(assembly));

  /**
   * @param resolve resolves the tokens of a stack
   * @param roots the apps and stages whose outputs are known; if not given, those of the stack that reads a value
   */
  constructor(
    private readonly resolve: (stack: Stack, value: unknown) => Json,
    private readonly roots?: readonly IConstruct[],
  ) {}

  /** The value of a function that reads an output; undefined for other functions, and if the output is not known. */
  public call(name: string, argument: Json, resolver: TokenResolver): Json | undefined {
    if (name === 'Fn::ImportValue') {
      return this.value(resolver.stack, exportKey(resolver.stack, resolver.text(argument)));
    }
    if (name !== 'Fn::GetStackOutput') return undefined;
    const output = resolver.resolve(argument);
    return isObject(output) ? this.value(resolver.stack, keyOfStackOutput(resolver.stack, output)) : undefined;
  }

  private value(reader: Stack, key: string): Json | undefined {
    const output = (this.roots ?? [assemblyOf(reader)]).map((root) => this.outputsIn(root).get(key)).find(Boolean);
    if (!output || this.active.has(output)) return undefined;
    this.active.add(output);
    const value = this.resolve(output.stack, output.value);
    this.active.delete(output);
    return value;
  }

  /** The outputs of an assembly, by the names of their exports and by their stacks. */
  private readOutputs(assembly: IConstruct): Map<string, CfnOutput> {
    const outputs = new Map<string, CfnOutput>();
    for (const output of constructsInAssembly(assembly).filter(isOutput)) {
      const { exportName, logicalId, stack } = output;
      outputs.set(outputKey(stack, {}, [stack.stackName, stack.resolve(logicalId) as string]), output);
      if (exportName === undefined) continue;
      outputs.set(exportKey(stack, toText(this.resolve(stack, exportName))), output);
    }
    return outputs;
  }
}

/** An output of an app, or of a template. */
export function isOutput(construct: IConstruct): construct is CfnOutput {
  return CfnElement.isCfnElement(construct) && 'exportName' in construct;
}

/** Names of exports are unique in an account and Region. */
function exportKey(stack: Stack, name: string): string {
  return outputKey(stack, {}, [name]);
}

/** Names of stacks are unique in an account and Region. The role of another account is in that account. */
function keyOfStackOutput(reader: Stack, { OutputName, Region, RoleArn, StackName }: { [name: string]: Json }): string {
  const account = typeof RoleArn === 'string' ? accountOf(RoleArn) : undefined;
  const region = typeof Region === 'string' ? Region : undefined;
  return outputKey(reader, { account, region }, [toText(StackName), toText(OutputName)]);
}

function outputKey(stack: Stack, place: { account?: string; region?: string }, names: readonly string[]): string {
  const account = place.account ?? pseudoParameterValue(stack, 'AWS::AccountId');
  const region = place.region ?? pseudoParameterValue(stack, 'AWS::Region');
  return JSON.stringify([account, region, ...names]);
}
