import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Node,
  ScriptTarget,
  SourceFile,
  createSourceFile,
  forEachChild,
  isCallExpression,
  isIdentifier,
  isImportDeclaration,
  isStringLiteral,
  isStringLiteralLike,
  isTemplateHead,
  isTemplateMiddle,
  isTemplateTail,
} from 'typescript';
import { METHODS, PROPERTY_NAMES, TYPES } from '../../src/util/message-languages';
import { ROOT, filesIn } from '../support/repository';

describe('the names in the messages of the sources', () => {
  const sources = filesIn('src', /\.ts$/).filter((file) => !/^src\/(cli|page|util|topology)\//.test(file));
  const files = sources.map((file) =>
    createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ScriptTarget.ES2022, true),
  );
  const texts = files.flatMap(textsIn).filter((text) => text.includes(' '));

  test('are known, if they are properties with several words', () => {
    const quoted = texts.flatMap((text) => [...text.matchAll(/'([a-z]+[A-Z]\w*)'/g)].map(([, name]) => name));
    const validated = files.flatMap(validatedPropertiesIn).filter((name) => /^[a-z]+[A-Z]\w*$/.test(name));
    expect(quoted.length).toBeGreaterThan(50);
    expect(validated.length).toBeGreaterThan(20);
    expect([...new Set([...quoted, ...validated])].filter((name) => !PROPERTY_NAMES.includes(name))).toEqual([]);
  });

  test('are known, if they are methods or members', () => {
    const calls = texts.flatMap((text) =>
      [...text.matchAll(/(?<![\w.'])([a-z]\w*[A-Z]\w*)\(/g)].map(([, name]) => name),
    );
    const types = texts.flatMap((text) =>
      [...text.matchAll(/\b([A-Z]\w+)\.(?:[a-z]\w*\(|[A-Z_]{2,}\b)/g)].map(([, name]) => name),
    );
    expect(calls.length).toBeGreaterThan(10);
    expect([...new Set(calls)].filter((name) => !METHODS.includes(name))).toEqual([]);
    expect([...new Set(types)].filter((name) => !TYPES.includes(name))).toEqual(['Stack']);
  });
});

/** The texts in a file, which are parts of messages if they have a space. */
function textsIn(file: SourceFile): string[] {
  return nodesIn(file).flatMap((node) => {
    if (isImportDeclaration(node.parent ?? node)) return [];
    const isText = isStringLiteralLike(node) || isTemplateHead(node) || isTemplateMiddle(node) || isTemplateTail(node);
    return isText ? [node.text] : [];
  });
}

/** The properties that functions such as `validateString()` check, whose messages begin with them. */
function validatedPropertiesIn(file: SourceFile): string[] {
  return nodesIn(file)
    .filter(isCallExpression)
    .filter(({ expression }) => isIdentifier(expression) && /^(validate|require)/.test(expression.text))
    .flatMap(({ arguments: args }) => (args[1] && isStringLiteral(args[1]) ? [args[1].text] : []));
}

function nodesIn(node: Node): Node[] {
  const children: Node[] = [];
  forEachChild(node, (child) => void children.push(child));
  return [node, ...children.flatMap(nodesIn)];
}
