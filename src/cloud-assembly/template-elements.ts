import { CfnElement, CfnParameter, CfnResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { setSynthesized, setTemplateBody } from '../app-model/resolve/template-body';
import { Json, isObject } from '../iam/statement';

/** Properties of an element of a template. */
export type Body = { readonly [name: string]: Json };

/** A stack that was synthesized, for the elements of its template. It is never synthesized again. */
export class TemplateStack extends Stack {
  public readonly nestedStackResource?: CfnResource;
  private readonly deployedBefore: Stack[] = [];

  constructor(
    scope: IConstruct,
    id: string,
    { name, account, region }: { name: string; account?: string; region?: string },
    transforms: string[],
    nestedStackResource?: CfnResource,
  ) {
    super(scope, id, { stackName: stackNameFor(name), env: { account, region } });
    this.nestedStackResource = nestedStackResource;
    this.templateOptions.transforms = transforms;
    setSynthesized(this);
  }

  public override get dependencies(): Stack[] {
    return this.deployedBefore;
  }

  public deployAfter(stack: Stack): void {
    this.deployedBefore.push(stack);
  }
}

/**
 * Turns off what the CDK records of elements below a scope: their logical IDs, and where they and their stacks are
 * created. That takes longer than all the rest. A stack reads the setting when it is created.
 */
export function disableMetadata({ node }: IConstruct): void {
  node.setContext(DISABLE_LOGICAL_ID_METADATA, true);
  node.setContext(DISABLE_CREATION_STACK_TRACES, true);
}

const DISABLE_LOGICAL_ID_METADATA = 'aws:cdk:disable-logicalId-metadata';
/** Known to newer releases of the CDK. */
const DISABLE_CREATION_STACK_TRACES = 'aws:cdk:disable-creation-stack-traces';

/** A name that the CDK accepts, because file names may have other characters. */
function stackNameFor(name: string): string {
  return `S${name}`
    .replace(/^S(?=[A-Za-z])/, '')
    .replace(/[^A-Za-z0-9-]/g, '-')
    .slice(0, 128);
}

/** A resource of a template, which stays as it is. */
export class TemplateResource extends CfnResource {
  constructor(
    scope: IConstruct,
    id: string,
    private readonly idInTemplate: string,
    private readonly body: Body,
  ) {
    super(scope, id, { type: typeof body.Type === 'string' && body.Type !== '' ? body.Type : 'Unknown' });
    this.overrideLogicalId(idInTemplate);
    setTemplateBody(this, body);
    if (body.DependsOn !== undefined) this.addOverride('DependsOn', body.DependsOn);
  }

  /** @internal */
  public _toCloudFormation(): object {
    return { Resources: { [this.idInTemplate]: this.body } };
  }
}

/** A parameter of a template. */
export class TemplateParameter extends CfnParameter {
  constructor(scope: IConstruct, id: string, idInTemplate: string, { Type, AllowedPattern, AllowedValues }: Body) {
    super(scope, id, {
      type: typeof Type === 'string' ? Type : undefined,
      allowedPattern: typeof AllowedPattern === 'string' ? AllowedPattern : undefined,
      allowedValues: Array.isArray(AllowedValues) ? AllowedValues.map(String) : undefined,
    });
    this.overrideLogicalId(idInTemplate);
  }
}

/** An output or a mapping of a template. */
abstract class TemplateElement extends CfnElement {
  constructor(scope: IConstruct, id: string, idInTemplate: string) {
    super(scope, id);
    this.overrideLogicalId(idInTemplate);
  }

  /** @internal */
  public _toCloudFormation(): object {
    return {};
  }
}

export class TemplateOutput extends TemplateElement {
  public readonly value: Json | undefined;
  public readonly exportName: Json | undefined;

  constructor(scope: IConstruct, id: string, idInTemplate: string, { Value, Export }: Body) {
    super(scope, id, idInTemplate);
    this.value = Value;
    this.exportName = isObject(Export) ? Export.Name : undefined;
  }
}

export class TemplateMapping extends TemplateElement {
  constructor(
    scope: IConstruct,
    id: string,
    idInTemplate: string,
    public readonly mapping: Body,
  ) {
    super(scope, id, idInTemplate);
  }
}
