import { CfnElement, CfnOutput, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { pseudoParameterValue } from './pseudo-parameters';
import { Json, toText } from '../../iam/statement';
import { memoize } from '../../util/memoize';
import { assemblyOf, constructsInAssembly } from '../assembly';

/** The outputs with an export name, by which `Fn::ImportValue` finds their values. */
export class Exports {
  private readonly activeImports = new Set<CfnOutput>();
  private readonly exportsIn = memoize((assembly: IConstruct) => this.readExports(assembly));

  /**
   * @param resolve resolves the tokens of a stack
   * @param roots the apps and stages whose exports are known; if not given, those of the stack that imports a value
   */
  constructor(
    private readonly resolve: (stack: Stack, value: unknown) => Json,
    private readonly roots?: readonly IConstruct[],
  ) {}

  /** The value that a stack in the account and Region exports; undefined if no such stack exports it. */
  public value(stack: Stack, name: string): Json | undefined {
    const key = exportKey(stack, name);
    const output = (this.roots ?? [assemblyOf(stack)]).map((root) => this.exportsIn(root).get(key)).find(Boolean);
    if (!output || this.activeImports.has(output)) return undefined;
    this.activeImports.add(output);
    const value = this.resolve(output.stack, output.value);
    this.activeImports.delete(output);
    return value;
  }

  /** The outputs of an assembly that have an export name, by `exportKey()`. */
  private readExports(assembly: IConstruct): Map<string, CfnOutput> {
    const outputs = constructsInAssembly(assembly).filter(
      (c): c is CfnOutput => CfnElement.isCfnElement(c) && (c as CfnOutput).exportName !== undefined,
    );
    const exports = new Map<string, CfnOutput>();
    for (const output of outputs) {
      const name = toText(this.resolve(output.stack, output.exportName));
      exports.set(exportKey(output.stack, name), output);
    }
    return exports;
  }
}

/** Names of exports are unique in an account and Region. */
function exportKey(stack: Stack, name: string): string {
  return [pseudoParameterValue(stack, 'AWS::AccountId'), pseudoParameterValue(stack, 'AWS::Region'), name].join(' ');
}
