import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudArtifact,
  CloudAssembly,
  CloudFormationStackArtifact,
  NestedCloudAssemblyArtifact,
} from 'aws-cdk-lib/cx-api';
import { SynthesizedStack, elementsIn } from './synthesized-stack';
import { Json, isObject, toText } from '../iam/statement';

/** The stacks in a cloud assembly, including those of its stages. Throws an error if the manifest cannot be read. */
export function stacksInAssembly(directory: string): SynthesizedStack[] {
  // An assembly may be of a newer release than this one. What its manifest has in addition is not needed.
  const assembly = new CloudAssembly(directory, { skipVersionCheck: true, skipEnumCheck: true, topoSort: false });
  return stacksIn(assembly);
}

function stacksIn(assembly: CloudAssembly): SynthesizedStack[] {
  return assembly.artifacts.flatMap((artifact) => {
    if (artifact instanceof NestedCloudAssemblyArtifact) return stacksInAssembly(artifact.fullPath);
    return artifact instanceof CloudFormationStackArtifact ? [stackOf(assembly, artifact)] : [];
  });
}

function stackOf({ directory }: CloudAssembly, artifact: CloudFormationStackArtifact): SynthesizedStack {
  const { stackName, environment, hierarchicalId: path, templateFullPath } = artifact;
  const source = { directory, files: templateFilesOf(directory, artifact), elementPaths: elementPathsIn(artifact) };
  return {
    ...contentOf(readJson(templateFullPath), path, source),
    name: stackName,
    account: known(environment.account),
    region: known(environment.region),
    dependencies: artifact.dependencies.filter(isStack).map((dependency) => dependency.hierarchicalId),
  };
}

function isStack(artifact: CloudArtifact): artifact is CloudFormationStackArtifact {
  return artifact instanceof CloudFormationStackArtifact;
}

/** The manifest has `unknown-account` and `unknown-region` for a stack without them. */
function known(value: string): string | undefined {
  return value.startsWith('unknown-') ? undefined : value;
}

function readJson(file: string): Json {
  return JSON.parse(readFileSync(file, 'utf8')) as Json;
}

/** Where the templates of a stack and of its nested stacks are. */
interface TemplateSource {
  readonly directory: string;
  /** The files that are uploaded, by the hash in their URL. */
  readonly files: ReadonlyMap<string, string>;
  /** Construct paths and logical IDs in the manifest. */
  readonly elementPaths: readonly ElementPath[];
}

type ElementPath = readonly [logicalId: string, path: string];

/** The part of a stack that is in its template. */
function contentOf(
  template: Json,
  path: string,
  source: TemplateSource,
): Pick<SynthesizedStack, 'path' | 'template' | 'constructPaths' | 'nestedTemplates'> {
  const inManifest = source.elementPaths.filter(([, elementPath]) => elementPath.startsWith(`${path}/`));
  const constructPaths = new Map([...inManifest, ...elementPathsInTemplate(template)]);
  return { path, template, constructPaths, nestedTemplates: nestedTemplatesOf(template, path, constructPaths, source) };
}

function elementPathsIn(artifact: CloudFormationStackArtifact): ElementPath[] {
  return artifact
    .findMetadataByType('aws:cdk:logicalId')
    .map(({ data, path }): ElementPath => [String(data), path.replace(/^\//, '')]);
}

/** The CDK writes the path of its construct to the metadata of each resource. */
function elementPathsInTemplate(template: Json): ElementPath[] {
  return elementsIn(template, 'Resources').flatMap(([logicalId, { Metadata }]): ElementPath[] => {
    const path = isObject(Metadata) ? Metadata['aws:cdk:path'] : undefined;
    return typeof path === 'string' && path !== '' ? [[logicalId, path]] : [];
  });
}

/** The templates of nested stacks, as far as the assembly contains them. */
function nestedTemplatesOf(
  template: Json,
  parentPath: string,
  constructPaths: ReadonlyMap<string, string>,
  source: TemplateSource,
): Map<string, SynthesizedStack> {
  const nested = new Map<string, SynthesizedStack>();
  for (const [logicalId, resource] of elementsIn(template, 'Resources')) {
    if (resource.Type !== 'AWS::CloudFormation::Stack') continue;
    const file = templateFileOf(resource, source);
    if (file === undefined || !existsSync(file)) continue;
    const path = pathOfNested(constructPaths.get(logicalId)) ?? `${parentPath}/${logicalId}`;
    nested.set(logicalId, { ...contentOf(readJson(file), path, source), name: logicalId, dependencies: [] });
  }
  return nested;
}

function templateFileOf(
  { Metadata, Properties }: { readonly [name: string]: Json },
  { directory, files }: TemplateSource,
): string | undefined {
  const assetPath = isObject(Metadata) ? Metadata['aws:asset:path'] : undefined;
  if (typeof assetPath === 'string') return join(directory, assetPath);
  const url = isObject(Properties) ? toText(Properties.TemplateURL) : '';
  const hash = [...files.keys()].find((candidate) => url.includes(candidate));
  return hash === undefined ? undefined : join(directory, files.get(hash)!);
}

/** The path of a `NestedStack` construct, next to which the CDK creates the resource. */
function pathOfNested(resourcePath = ''): string | undefined {
  return /^(.+)\.NestedStack\/[^/]+\.NestedStackResource$/.exec(resourcePath)?.[1];
}

/** The template files in the asset manifests of a stack, by hash. */
function templateFilesOf(directory: string, { dependencies }: CloudFormationStackArtifact): Map<string, string> {
  const files = new Map<string, string>();
  for (const { manifest } of dependencies) {
    const { file } = (manifest.properties ?? {}) as { file?: string };
    if (manifest.type !== 'cdk:asset-manifest' || file === undefined) continue;
    for (const [hash, { source }] of elementsIn(readJson(join(directory, file)), 'files')) {
      if (isObject(source) && typeof source.path === 'string') files.set(hash, source.path);
    }
  }
  return files;
}
