import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LIBRARY, Project } from './machine';
import { Checklist } from '../support/checklist';

/** Two copies of `aws-cdk-lib` in one app: that of the app, and one below the library. */
export function checkCopies(list: Checklist, newest: Project, oldest: Project): void {
  list.check('with a second copy of the same release below the library, templates and findings are the same', () => {
    const twice = newest.copy('twice');
    twice.addCopyForLibrary(newest);
    for (const project of [newest, twice]) {
      const result = project.run(['node', 'parameters.js'], { CDK_OUTDIR: 'examples.out/parameters' });
      assert.equal(result.status, 0, result.all);
    }
    const result = twice.run(['node', 'synth-examples.js', 'examples', 'examples.out']);
    assert.equal(result.status, 0, result.all);
    const [expected, actual] = [newest, twice].map((project) => templatesIn(project.path('examples.out')));
    assert.ok(expected.size >= 30, `${expected.size} templates`);
    assert.deepEqual([...actual.keys()], [...expected.keys()]);
    const different = [...expected.keys()].filter((file) => actual.get(file) !== expected.get(file));
    assert.deepEqual(different, []);
    return `${expected.size} templates and files about them`;
  });

  for (const [app, library] of [
    [newest, oldest],
    [oldest, newest],
  ]) {
    const [release, copy] = [app, library].map(
      (project) => project.json('node_modules/aws-cdk-lib/package.json').version,
    );
    list.check(`with aws-cdk-lib ${release} in the app and ${copy} below the library, one error has both`, () => {
      const mixed = app.copy(`app-${release}`);
      mixed.addCopyForLibrary(library);
      const result = mixed.run(['node', 'hub-and-shop.js'], { CDK_OUTDIR: 'cdk.out' });
      assert.equal(result.status, 1, result.all);
      const expected = `got ${release} for the app and ${copy} for ${LIBRARY}; run 'npm ls aws-cdk-lib'`;
      assert.ok(result.err.includes(expected), result.err);
    });
  }
}

/** The templates below a directory, and the files of this library, without their order. */
export function templatesIn(directory: string): Map<string, string> {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const relevant = files.filter((file) => /\.template\.json$|event-(checks|topology)\.(json|html)$/.test(file)).sort();
  return new Map(relevant.map((file) => [file, readFileSync(join(directory, file), 'utf8')]));
}
