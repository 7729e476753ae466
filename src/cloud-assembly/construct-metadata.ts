import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { Json, isObject } from '../iam/statement';

/** One entry of the metadata of a construct. */
export interface ConstructMetadata {
  /** The path of the construct, without a slash at the beginning. */
  readonly path: string;
  readonly type: string;
  readonly data: Json;
}

/** The metadata of the constructs of a stack. Newer releases of the CDK write it to a file next to the manifest. */
export function constructMetadata(directory: string, artifact: CloudFormationStackArtifact): ConstructMetadata[] {
  const { metadata = {}, additionalMetadataFile } = artifact.manifest as {
    metadata?: unknown;
    additionalMetadataFile?: unknown;
  };
  if (typeof additionalMetadataFile !== 'string') return entriesIn(metadata as Json);
  return [...entriesIn(metadata as Json), ...entriesIn(readMetadata(join(directory, additionalMetadataFile)))];
}

function readMetadata(file: string): Json {
  return JSON.parse(readFileSync(file, 'utf8')) as Json;
}

function entriesIn(metadata: Json): ConstructMetadata[] {
  if (!isObject(metadata)) return [];
  return Object.entries(metadata).flatMap(([path, entries]) =>
    (Array.isArray(entries) ? entries : []).flatMap((entry) => {
      if (!isObject(entry) || typeof entry.type !== 'string') return [];
      return [{ path: path.replace(/^\//, ''), type: entry.type, data: entry.data ?? null }];
    }),
  );
}
