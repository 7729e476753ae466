import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readContent, validateTemplate } from './template-file';
import { SynthesizedStack, elementsIn } from '../cloud-assembly/synthesized-stack';
import { Json, isObject } from '../iam/statement';

/**
 * The templates of nested stacks, by the logical ID of their resource: those whose `TemplateURL` is the path of a file,
 * as `aws cloudformation package` accepts it. Templates at other URLs, and files that do not exist, are left out.
 *
 * @param path the path of the nested stacks' stack
 * @param file the file of its template
 * @param outerFiles the files of the stacks around it: a template cannot contain itself
 */
export function nestedTemplatesIn(
  template: Json,
  path: string,
  file: string,
  outerFiles: readonly string[] = [],
): Map<string, SynthesizedStack> {
  const files = [...outerFiles, resolve(file)];
  return new Map(
    elementsIn(template, 'Resources').flatMap(([logicalId, resource]): [string, SynthesizedStack][] => {
      const nestedFile = templateFileOf(resource, file);
      if (nestedFile === undefined) return [];
      // CloudFormation rejects a template that contains itself.
      const content = files.includes(nestedFile) ? { Resources: {} } : readContent(nestedFile);
      validateTemplate(nestedFile, content);
      const nestedPath = `${path}/${logicalId}`;
      const nested = {
        path: nestedPath,
        name: logicalId,
        template: content,
        constructPaths: new Map<string, string>(),
        dependencies: [],
        nestedTemplates: nestedTemplatesIn(content, nestedPath, nestedFile, files),
      };
      return [[logicalId, nested]];
    }),
  );
}

/** The file of a nested stack's template. Its path is relative to the template with the nested stack. */
function templateFileOf({ Type, Properties }: { readonly [name: string]: Json }, file: string): string | undefined {
  const url = isObject(Properties) ? Properties.TemplateURL : undefined;
  if (Type !== 'AWS::CloudFormation::Stack' || typeof url !== 'string' || HAS_SCHEME.test(url)) return undefined;
  const nestedFile = resolve(dirname(file), url);
  return existsSync(nestedFile) && statSync(nestedFile).isFile() ? nestedFile : undefined;
}

const HAS_SCHEME = /^[a-z][a-z\d+.-]+:/i;
