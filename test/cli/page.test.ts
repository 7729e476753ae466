import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { graphOf } from '../../src/page/page-data';
import { command, emptyDirectory, write } from '../support/command';

const TEMPLATE = { Resources: { Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'orders' } } } };

const directory = emptyDirectory();
const template = (name: string) => `${write(directory, `${name}.json`, TEMPLATE)}@111111111111/eu-west-1`;

function elementsIn(page: string): unknown {
  const [, data] = /type="application\/json">(.*?)<\/script>/s.exec(page)!;
  return graphOf(JSON.parse(data)).elements.map(({ app, name }) => ({ app, name }));
}

test('page writes the page of an app to a file', () => {
  const file = join(directory, 'page.html');
  expect(command('page', template('hub'), '-o', file)).toEqual({ status: 0, out: '', err: '' });
  expect(elementsIn(readFileSync(file, 'utf8'))).toEqual([{ app: 'hub', name: 'orders' }]);
});

test('page prints the page without a file', () => {
  const { status, out, err } = command('page', template('hub'));
  expect([status, err]).toEqual([0, '']);
  expect(elementsIn(out)).toEqual([{ app: 'hub', name: 'orders' }]);
});

test('page fails without a path', () => {
  expect(command('page', '-o', 'page.html')).toMatchObject({
    status: 2,
    err: expect.stringContaining('page needs at least one PATH'),
  });
});

test('page fails if the file cannot be written', () => {
  const file = join(directory, 'missing', 'page.html');
  expect(command('page', template('hub'), '-o', file)).toMatchObject({
    status: 2,
    err: expect.stringMatching(/page\.html: the file cannot be written: .*ENOENT/),
  });
});

test('other commands have no output file', () => {
  const file = join(directory, 'check.html');
  expect(command('check', template('hub'), '-o', file)).toMatchObject({
    status: 2,
    err: expect.stringContaining("'--output' is for page"),
  });
  expect(existsSync(file)).toBe(false);
});
