import { TemplateResource } from './template-elements';
import { PassedValue, setPassedValue } from '../app-model/resolve/passed-values';
import { environmentOf } from '../app-model/resolve/pseudo-parameters';
import { Json, isObject } from '../iam/statement';

/**
 * The references of stacks with `crossRegionReferences`. For each of them, aws-cdk-lib creates a custom resource that
 * writes the value to a parameter in the other Region, and one that has the values of these parameters as attributes.
 */
export class CrossRegionExports {
  private readonly values = new Map<string, PassedValue>();
  private readonly readers: Reader[] = [];

  /** Adds a resource if it writes or reads such values. */
  public add(resource: TemplateResource, { Type, Properties }: { readonly [name: string]: Json }): void {
    if (!isObject(Properties)) return;
    const { WriterProps, ReaderProps } = Properties;
    if (Type === WRITER && isObject(WriterProps)) this.addWriter(resource, WriterProps);
    if (Type === READER && isObject(ReaderProps) && isObject(ReaderProps.imports)) {
      this.readers.push({ resource, names: Object.keys(ReaderProps.imports) });
    }
  }

  /** Sets the attributes of the resources that read values, as far as a resource that was added writes them. */
  public link(): void {
    for (const { resource, names } of this.readers) {
      const { account, region } = environmentOf(resource.stack);
      for (const name of names) {
        const passed = this.values.get(exportKey(account, region, name));
        if (passed) setPassedValue(resource, name, passed);
      }
    }
  }

  private addWriter({ stack }: TemplateResource, { region, exports }: { readonly [name: string]: Json }): void {
    if (typeof region !== 'string' || !isObject(exports)) return;
    const { account } = environmentOf(stack);
    for (const [name, value] of Object.entries(exports)) {
      this.values.set(exportKey(account, region, name), { stack, value });
    }
  }
}

interface Reader {
  readonly resource: TemplateResource;
  /** The names of parameters, which are those of its attributes too. */
  readonly names: readonly string[];
}

const WRITER = 'Custom::CrossRegionExportWriter';
const READER = 'Custom::CrossRegionExportReader';

function exportKey(account: string, region: string, name: string): string {
  return [account, region, name].join(' ');
}
