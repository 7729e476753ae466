import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { hasChromium, launchBrowser, openPage } from './browser';
import { MARKUP, PAGES, PageName, writtenPage } from './pages';
import { ROOT } from '../support/repository';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
/** Write the pictures in `docs` again. */
const UPDATE_PICTURES = process.env.UPDATE_PICTURES !== undefined;

if (!hasChromium) console.warn('Chromium is missing: THE PAGE IS NOT TESTED');

(hasChromium ? describe : describe.skip)('the page', () => {
  let browser: Browser | undefined;
  let files: ReadonlyMap<PageName, string>;

  beforeAll(async () => {
    files = new Map(PAGES.map((name) => [name, writtenPage(name)]));
    browser = await launchBrowser();
  });
  afterAll(async () => browser?.close());

  const open = async (name: PageName, options?: Parameters<typeof openPage>[2]) =>
    openPage(browser!, files.get(name)!, options);
  const details = async (page: Page) => page.locator('#details').innerText();
  const node = (page: Page, name: string) => page.locator('.node').filter({ hasText: name });

  test.each(PAGES)('of %s is drawn in light and dark, without errors, requests and barriers', async (name) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, complaints } = await open(name, { colorScheme });
      expect(await page.locator('.node').count()).toBeGreaterThan(3);
      expect(await page.locator('.frame.account').count()).toBeGreaterThan(1);
      // The rules take long on a large page, which has nothing else for them.
      const isChecked = name !== 'generated' || colorScheme === 'light';
      if (isChecked) expect(await violations(page)).toEqual([]);

      await page.locator('.node').first().focus();
      await page.keyboard.press('Enter');
      if (name !== 'generated') expect(await violations(page)).toEqual([]);

      await page.click('#show-table');
      expect(await page.locator('#table tbody tr').count()).toBeGreaterThan(0);
      if (name !== 'generated') expect(await violations(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.close();
    }
  });

  test('marks what is not delivered, with the problem and the fix', async () => {
    const { page } = await open('broken');
    expect(await details(page)).toMatch(/Errors\s+shop-legacy/);
    expect(await page.locator('.connection.denied').count()).toBe(2);

    await node(page, 'shop-legacy').click();
    expect(await details(page)).toContain('not delivered');
    expect(await details(page)).toContain('publisherAccessDenied');
    expect(await details(page)).toMatch(/Fix: /);
    await page.close();
  });

  test('marks what is open to any AWS account', async () => {
    const { page } = await open('broken');
    await node(page, 'bus, open').click();
    expect(await details(page)).toContain('Open to any AWS account');
    await page.close();
  });

  test('follows the paths over an element, and shows the statements', async () => {
    const { page } = await open('broken');
    await node(page, 'shop-publisher').click();
    const followed = await page.locator('.node.followed .name').allTextContents();
    expect(followed).toEqual(expect.arrayContaining(['shop-publisher', 'orders', 'invoice']));
    expect(followed).not.toContain('shop-legacy');

    await page.locator('#details summary').first().click();
    expect(await page.locator('#details pre').first().innerText()).toContain('"events:PutEvents"');
    await page.close();
  });

  test('shows a connection that is selected', async () => {
    const { page } = await open('broken');
    await page.locator('.connection.denied .hit').first().dispatchEvent('click');
    expect(await details(page)).toMatch(/^Connection/);
    expect(await page.locator('.connection.selected').count()).toBe(1);
    await page.close();
  });

  test('follows the paths of what is under the mouse', async () => {
    const { page } = await open('order-to-invoice');
    await page.locator('.node').first().hover();
    expect(await page.locator('.node.followed').count()).toBe(4);
    await page.mouse.move(5, 400);
    expect(await page.locator('.node.followed').count()).toBe(0);
    await page.close();
  });

  test.each([
    ['a name', 'shop-publ', ['shop-publisher']],
    ['an account', '222222222222', ['shop-legacy', 'shop-publisher']],
    ['a source', 'com.example.shop audit', ['audit', 'audit']],
  ])('finds %s', async (_, query, expected) => {
    const { page } = await open('broken');
    await page.fill('#search', query);
    expect((await page.locator('#details .elements button').allInnerTexts()).sort()).toEqual(expected);
    expect((await page.locator('.node.followed .name').allTextContents()).sort()).toEqual(expected);
    await page.close();
  });

  test('moves to the first result with the Enter key', async () => {
    const { page } = await open('generated');
    await page.fill('#search', 'team004-spoke/Consume3');
    await page.keyboard.press('Enter');
    expect(await page.locator('#details h2').innerText()).toBe('team004-spoke/Consume3');
    await expectInView(page, 'team004-spoke/Consume3');
    await page.close();
  });

  test('filters by account, app and finding', async () => {
    const { page } = await open('broken');
    const all = await page.locator('.node').count();
    await page.selectOption('#finding', { label: 'not delivered' });
    await waitForNodes(page, `< ${all}`);
    const names = await page.locator('.node .name').allTextContents();
    expect(names).toEqual(expect.arrayContaining(['shop-legacy', 'orders', 'audit']));
    expect(names).not.toContain('open');

    await page.selectOption('#finding', '');
    await waitForNodes(page, `=== ${all}`);
    await page.selectOption('#account', '222222222222');
    await waitForNodes(page, `< ${all}`);
    expect(await page.locator('.node .name').allTextContents()).not.toContain('open');
    expect(await details(page)).not.toContain('Open to more than named accounts');
    expect(await page.locator('#app option').count()).toBeGreaterThan(1);
    await page.close();
  });

  test('is used with the keyboard', async () => {
    const { page } = await open('order-to-invoice');
    for (let tabs = 0; tabs < 15; tabs++) {
      await page.keyboard.press('Tab');
      if ((await focused(page)) !== undefined) break;
    }
    const first = await focused(page);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const third = await focused(page);
    expect(third).not.toBe(first);
    await page.keyboard.press('Enter');
    expect(await page.locator('.node[aria-pressed=true]').getAttribute('data-element')).toBe(third);
    await page.keyboard.press('ArrowLeft');
    expect(await focused(page)).not.toBe(third);
    await page.keyboard.press('Escape');
    expect(await details(page)).toMatch(/^Overview/);
    await page.close();
  });

  test('zooms and moves', async () => {
    const { page } = await open('order-to-invoice');
    const view = async () => page.locator('#diagram').getAttribute('viewBox');
    const first = await view();
    await page.click('#zoom-in');
    const zoomed = await view();
    expect(zoomed).not.toBe(first);
    await page.mouse.move(500, 300);
    await page.mouse.down();
    await page.mouse.move(560, 340);
    await page.mouse.up();
    expect(await view()).not.toBe(zoomed);
    await page.mouse.wheel(0, 300);
    await page.click('#fit');
    expect(await view()).toBe(first);
    await page.close();
  });

  test('does not move any more if the browser cancels the movement', async () => {
    const { page } = await open('order-to-invoice');
    const view = async () => page.locator('#diagram').getAttribute('viewBox');
    await page.mouse.move(500, 300);
    await page.mouse.down();
    await page.mouse.move(530, 320);
    const moved = await view();
    await page.evaluate("window.dispatchEvent(new PointerEvent('pointercancel'))");
    await page.mouse.move(560, 340);
    expect(await view()).toBe(moved);
    await page.close();
  });

  test('shows the number of elements again if the search is cleared', async () => {
    const { page } = await open('broken');
    const status = async () => page.locator('#status').innerText();
    const all = await status();
    expect(all).toMatch(/^\d+ elements, \d+ connections$/);
    await page.fill('#search', 'audit');
    expect(await status()).toBe('2 elements found');
    await page.fill('#search', '');
    expect(await status()).toBe(all);
    await page.close();
  });

  test('shows an error of a later drawing', async () => {
    const { page } = await open('broken');
    await page.evaluate("JSON.parse = () => { throw new Error('no layout'); }");
    await page.selectOption('#account', '222222222222');
    await page.waitForFunction("document.querySelector('#status').textContent.includes('no layout')");
    expect(await page.locator('#status').innerText()).toBe('The diagram cannot be drawn: Error: no layout');
    await page.close();
  });

  test.each(PAGES)('of %s is printed on one page', async (name) => {
    const { page } = await open(name);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
    await page.close();
  });

  test('shows markup in names as text', async () => {
    const { page, complaints } = await open('markup');
    await page.fill('#search', 'onerror');
    expect(await page.locator('#details .elements li').count()).toBeGreaterThan(0);
    await page.keyboard.press('Enter');
    expect(await details(page)).toContain(MARKUP);
    expect(await page.locator('img').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  (UPDATE_PICTURES ? test : test.skip)('writes the pictures in docs', async () => {
    const picture = async (page: Page, file: string) => {
      await page.waitForTimeout(300);
      await page.screenshot({ path: join(ROOT, 'docs/pictures', file) });
      await page.close();
    };
    const viewport = { width: 1440, height: 600 };
    const { page } = await open('event-backbone', { viewport });
    await picture(page, 'page-event-backbone.png');
    const { page: broken } = await open('broken', { viewport, colorScheme: 'dark' });
    await node(broken, 'shop-legacy').click();
    await picture(broken, 'page-not-delivered.png');
  });
});

/** The rules of accessibility that a page breaks. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const results = await page.evaluate<AxeResults>('axe.run()');
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`);
}

/** Waits until the number of nodes meets a condition. */
async function waitForNodes(page: Page, condition: string): Promise<void> {
  await page.waitForFunction(`document.querySelectorAll('.node').length ${condition}`);
}

/** The element of the diagram that has the focus. */
async function focused(page: Page): Promise<string | undefined> {
  return page.evaluate<string | undefined>('document.activeElement.dataset.element');
}

async function expectInView(page: Page, name: string): Promise<void> {
  const box = (await page.locator('.node').filter({ hasText: name }).boundingBox())!;
  expect(box.x).toBeGreaterThan(0);
  expect(box.x + box.width).toBeLessThan(1440);
  expect(box.y).toBeGreaterThan(0);
  expect(box.y + box.height).toBeLessThan(860);
  expect(box.height).toBeGreaterThan(25);
}
