import { readFileSync } from 'node:fs';
import {
  ArrowFunction,
  Node,
  ScriptTarget,
  createSourceFile,
  forEachChild,
  isArrowFunction,
  isBlock,
  isPropertyAssignment,
} from 'typescript';
import { Gap } from './gap';

/** The code of a sample as its file has it, without the braces around. */
export function codeOf(gap: Gap, sample: 'withAwsCdkLib' | 'withThisLibrary'): string {
  const text = readFileSync(gap.file, 'utf8');
  const { body } = find(createSourceFile(gap.file, text, ScriptTarget.Latest, true), sample);
  if (!isBlock(body)) {
    throw new Error(
      `${gap.file}: '${sample}' must be a function with braces, since the page shows what is between them`,
    );
  }
  const lines = text
    .slice(body.getStart() + 1, body.getEnd() - 1)
    .replace(/^\s*\n|\s*$/g, '')
    .split('\n');
  const indent = Math.min(...lines.filter((line) => line.trim()).map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(indent)).join('\n');
}

function find(node: Node, property: string): ArrowFunction {
  const found = tryFind(node, property);
  if (!found) throw new Error(`there is no arrow function '${property}' in ${node.getSourceFile().fileName}`);
  return found;
}

function tryFind(node: Node, property: string): ArrowFunction | undefined {
  if (isPropertyAssignment(node) && node.name.getText() === property && isArrowFunction(node.initializer)) {
    return node.initializer;
  }
  return forEachChild(node, (child) => tryFind(child, property));
}
