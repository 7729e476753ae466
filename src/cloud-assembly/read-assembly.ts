import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudArtifact,
  CloudAssembly,
  CloudFormationStackArtifact,
  NestedCloudAssemblyArtifact,
} from 'aws-cdk-lib/cx-api';
import { ConstructMetadata, constructMetadata } from './construct-metadata';
import { SynthesizedStack, elementsIn } from './synthesized-stack';
import { Json, isObject, toText } from '../iam/statement';

/** What a cloud assembly contains, including the assemblies of its stages. */
export interface Assembly {
  readonly stacks: readonly SynthesizedStack[];
  /** The directory of the assembly, and those of its stages. */
  readonly directories: readonly string[];
  /** The rules that `Validations.of(scope).acknowledge()` accepted, by the path of the scope. */
  readonly acknowledgedRules: readonly AcknowledgedRule[];
}

export interface AcknowledgedRule {
  readonly path: string;
  /** Such as `Annotation::` and the ID of a warning. */
  readonly rule: string;
}

/** The stacks in a cloud assembly, including those of its stages. Throws an error if the manifest cannot be read. */
export function stacksInAssembly(directory: string): SynthesizedStack[] {
  return [...readAssembly(directory).stacks];
}

/** Reads a cloud assembly. Throws an error if a file cannot be read. */
export function readAssembly(directory: string): Assembly {
  return readPart(directory, []);
}

/** @param stage the path of the stage whose assembly it is */
function readPart(directory: string, outerDirectories: readonly string[], stage?: string): Assembly {
  // An assembly cannot be that of its own stage.
  if (outerDirectories.includes(directory)) return { stacks: [], directories: [], acknowledgedRules: [] };
  const directories = [...outerDirectories, directory];
  // An assembly may be of a newer release than this one. What its manifest has in addition is not needed.
  const assembly = new CloudAssembly(directory, { skipVersionCheck: true, skipEnumCheck: true, topoSort: false });
  const parts = assembly.artifacts.flatMap((artifact): Assembly[] => {
    if (artifact instanceof NestedCloudAssemblyArtifact) {
      return [readPart(artifact.fullPath, directories, artifact.displayName)];
    }
    return artifact instanceof CloudFormationStackArtifact ? [readStack(assembly, artifact, stage)] : [];
  });
  return {
    stacks: parts.flatMap(({ stacks }) => stacks),
    directories: [directory, ...parts.flatMap((part) => part.directories)],
    acknowledgedRules: parts.flatMap(({ acknowledgedRules }) => acknowledgedRules),
  };
}

function readStack(
  { directory }: CloudAssembly,
  artifact: CloudFormationStackArtifact,
  stage: string | undefined,
): Assembly {
  const { stackName, environment, hierarchicalId: path, templateFullPath } = artifact;
  const metadata = constructMetadata(directory, artifact);
  const source = { directory, files: templateFilesOf(directory, artifact), elementPaths: elementPathsIn(metadata) };
  const stack = {
    ...contentOf(templateFullPath, path, source),
    name: stackName,
    stage,
    account: known(environment.account),
    region: known(environment.region),
    dependencies: artifact.dependencies.filter(isStack).map((dependency) => dependency.hierarchicalId),
  };
  return { stacks: [stack], directories: [], acknowledgedRules: acknowledgedRulesIn(metadata) };
}

function acknowledgedRulesIn(metadata: readonly ConstructMetadata[]): AcknowledgedRule[] {
  return metadata
    .filter(({ type }) => type === 'aws:cdk:acknowledged-rules')
    .flatMap(({ path, data }) => (isObject(data) ? Object.keys(data).map((rule) => ({ path, rule })) : []));
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
  file: string,
  path: string,
  source: TemplateSource,
  outerFiles: readonly string[] = [],
): Pick<SynthesizedStack, 'path' | 'template' | 'constructPaths' | 'nestedTemplates'> {
  const template = readJson(file);
  const constructPaths = new Map([...elementPathsInStack(path, source), ...elementPathsInTemplate(template)]);
  // A template cannot contain itself. Its own resource is then left without a template.
  const files = [...outerFiles, file];
  const nestedTemplates = new Map<string, SynthesizedStack>();
  for (const [logicalId, nestedFile] of nestedFilesIn(template, source)) {
    if (files.includes(nestedFile)) continue;
    const nestedPath = pathOfNested(constructPaths.get(logicalId)) ?? `${path}/${logicalId}`;
    const content = contentOf(nestedFile, nestedPath, source, files);
    nestedTemplates.set(logicalId, { ...content, name: logicalId, dependencies: [] });
  }
  return { path, template, constructPaths, nestedTemplates };
}

function elementPathsIn(metadata: readonly ConstructMetadata[]): ElementPath[] {
  return metadata
    .filter(({ type }) => type === 'aws:cdk:logicalId')
    .map(({ data, path }): ElementPath => [toText(data), path]);
}

/** Those in a stack, but not in a stack nested in it, whose elements can have the same logical IDs. */
function elementPathsInStack(path: string, { elementPaths }: TemplateSource): ElementPath[] {
  const within = elementPaths.filter(([, elementPath]) => elementPath.startsWith(`${path}/`));
  const nested = within.map(([, elementPath]) => pathOfNested(elementPath)).filter((one) => one !== undefined);
  return within.filter(([, elementPath]) => !nested.some((one) => elementPath.startsWith(`${one}/`)));
}

/** The CDK writes the path of its construct to the metadata of each resource. */
function elementPathsInTemplate(template: Json): ElementPath[] {
  return elementsIn(template, 'Resources').flatMap(([logicalId, { Metadata }]): ElementPath[] => {
    const path = isObject(Metadata) ? Metadata['aws:cdk:path'] : undefined;
    return typeof path === 'string' && path !== '' ? [[logicalId, path]] : [];
  });
}

/** The template files of nested stacks, as far as the assembly contains them. */
function nestedFilesIn(template: Json, source: TemplateSource): [logicalId: string, file: string][] {
  return elementsIn(template, 'Resources').flatMap(([logicalId, resource]): [string, string][] => {
    if (resource.Type !== 'AWS::CloudFormation::Stack') return [];
    const file = templateFileOf(resource, source);
    return file !== undefined && existsSync(file) ? [[logicalId, file]] : [];
  });
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
