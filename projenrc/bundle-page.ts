import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

/**
 * Writes the page without its data to `lib/page`: one file with the scripts, the layout library and the style. Its
 * policy allows what is in the file, and nothing from elsewhere.
 */
function bundlePage(root: string): void {
  const [script, style] = ['main.ts', 'page.css'].map((file) => bundled(join(root, 'page', file)));
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}' 'wasm-unsafe-eval'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const parts: Readonly<Record<string, string>> = { policy, style, script };
  const html = readFileSync(join(root, 'page/page.html'), 'utf8').replace(
    /\{\{(\w+)\}\}/g,
    (placeholder, name: string) => parts[name] ?? placeholder,
  );
  const directory = join(root, 'lib/page');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'topology-page.html'), html);
  copyFileSync(join(root, 'node_modules/@hpcc-js/wasm-graphviz/LICENSE'), join(directory, 'LICENSE-wasm-graphviz'));
  copyFileSync(join(root, 'page/NOTICE'), join(directory, 'NOTICE'));
}

function bundled(file: string): string {
  const options = { bundle: true, minify: true, write: false, platform: 'browser', target: 'es2022' } as const;
  // Within the element, the text must not end it.
  return buildSync({ entryPoints: [file], ...options }).outputFiles[0].text.replace(
    /<(\/script|\/style|!--)/g,
    '<\\$1',
  );
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

bundlePage(resolve(__dirname, '..'));
