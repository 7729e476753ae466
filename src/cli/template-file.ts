import { readFileSync } from 'node:fs';
import type { InputPath } from './arguments';
import { UnusableInput, whileReading } from './unusable-input';
import { parseYamlTemplate } from './yaml-template';
import { SynthesizedStack } from '../cloud-assembly/synthesized-stack';
import { LOOP, transformsIn } from '../cloud-assembly/transforms';
import { Json, isObject } from '../iam/statement';

/** The content of a JSON or YAML file. */
export function readContent(path: string): Json {
  const text = whileReading(path, () => readFileSync(path, 'utf8')).replace(BYTE_ORDER_MARK, '');
  const isJson = /^\s*[{[]/.test(text) && !/\.ya?ml$/i.test(path);
  return whileReading(`${path}: the file is not ${isJson ? 'JSON' : 'YAML'}`, () =>
    isJson ? (JSON.parse(text) as Json) : (parseYamlTemplate(text) as Json),
  );
}

const BYTE_ORDER_MARK = /^\uFEFF/;

/** The stack of a template that is not in a cloud assembly, without its nested stacks. */
export function stackOfTemplate(name: string, template: Json, { path, account, region }: InputPath): SynthesizedStack {
  validateTemplate(path, template);
  if (account === undefined || region === undefined) {
    throw new UnusableInput(
      `${path}: a template needs an account and a Region: write ${path}@ACCOUNT/REGION, or use --account and --region`,
    );
  }
  return {
    path: name,
    name,
    account,
    region,
    template,
    constructPaths: new Map(),
    dependencies: [],
    nestedTemplates: new Map(),
  };
}

/** Rejects what is not a template, and templates before the SAM transform. */
export function validateTemplate(path: string, template: Json): void {
  if (!isObject(template) || !isObject(template.Resources)) {
    throw new UnusableInput(`${path}: the file is not a CloudFormation template, which has an object 'Resources'`);
  }
  validateResources(path, template);
  if (transformsIn(template).some((name) => name.startsWith('AWS::Serverless'))) {
    throw new UnusableInput(
      `${path}: the template has the transform AWS::Serverless: use the template after the transform, ` +
        "which 'aws cloudformation get-template --template-stage Processed' returns",
    );
  }
}

/** Rejects resources that CloudFormation rejects too, and that the checks would not see. */
export function validateResources(path: string, template: Json): void {
  const sections = isObject(template) ? template : undefined;
  if (!sections) throw new UnusableInput(`${path}: the template is not an object`);
  if (sections.Resources === undefined) return;
  if (!isObject(sections.Resources)) throw new UnusableInput(`${path}: 'Resources' is not an object`);
  for (const [logicalId, resource] of Object.entries(sections.Resources)) {
    if (logicalId.startsWith(LOOP)) continue;
    if (logicalId === '' || !isObject(resource) || typeof resource.Type !== 'string' || resource.Type === '') {
      throw new UnusableInput(`${path}: resource '${logicalId}' has no type or no logical ID`);
    }
  }
}
