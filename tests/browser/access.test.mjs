// axe-core finds nothing to say about any page, in any language, by day and by night.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { openPage, serve } from './harness.mjs';
import { LANGUAGES, PAGES, at } from './pages.mjs';
import { vase } from './pictures.mjs';

const axe = await readFile(createRequire(new URL('../../web/package.json', import.meta.url)).resolve('axe-core/axe.min.js'), 'utf8');

/** The rules that the page breaks, each with where, in light and dark. */
async function violations(page) {
  const found = [];
  await page.evaluate(axe);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    for (const { id, nodes } of violations) {
      found.push(`${new URL(page.url()).pathname} ${colorScheme} ${id}: ${nodes.map((node) => node.html).join(' ')}`);
    }
  }
  return found;
}

for (const tag of Object.keys(LANGUAGES)) {
  test(`every page can be used by everyone: ${tag}`, async (t) => {
    const server = await serve(t);
    const { page } = await openPage(t);
    const found = [];
    for (const path of PAGES) {
      await page.goto(server.url + at(tag, path));
      // What is folded away counts, too.
      for (const fold of await page.locator('main details').all()) await fold.evaluate((details) => { details.open = true; });
      found.push(...(await violations(page)));
    }
    assert.deepEqual(found, []);
  });
}

test('so can the menu of a phone, the banner and the choice', async (t) => {
  const server = await serve(t, ['--ga4', 'G-AB12CD34EF']);
  const { page } = await openPage(t, { viewport: { width: 360, height: 740 } });
  const found = [];
  for (const tag of Object.keys(LANGUAGES)) {
    for (const path of ['/', '/cookies']) {
      await page.goto(server.url + at(tag, path));
      await page.locator('.menu summary').focus();
      await page.keyboard.press('Enter');
      await page.locator('.top nav').waitFor();
      found.push(...(await violations(page)));
    }
  }
  assert.deepEqual(found, []);
});

test('so can every component, in builds that show them', async (t) => {
  const server = await serve(t);
  const { page } = await openPage(t);
  // Releases don't have the page.
  const reply = await page.goto(`${server.url}/components`);
  assert.ok([200, 404].includes(reply.status()));
  assert.deepEqual(await violations(page), []);
});

test('so can the editor, with a picture and with what came of it', async (t) => {
  const server = await serve(t);
  const { page } = await openPage(t);
  const picture = { name: 'a.png', mimeType: 'image/png', buffer: vase(256) };
  const found = [];
  for (const part of ['remove-background', 'edit', 'erase']) {
    await page.goto(`${server.url}/${part}`);
    await page.locator('[name=picture]').setInputFiles(picture);
    await page.locator('image-editor[editing]').waitFor();
    found.push(...(await violations(page)));
    if (part === 'erase') continue;
    await page.locator('form.tool button').click();
    await page.locator('[data-part=made]').waitFor({ timeout: 60_000 });
    found.push(...(await violations(page)));
  }
  assert.deepEqual(found, []);
});

test('so can many pictures: chosen, refused, made', async (t) => {
  const server = await serve(t);
  const { page } = await openPage(t);
  const found = [];
  await page.goto(`${server.url}/es/batch`);
  const pictures = [vase(96), Buffer.from('Querido diario, …')].map((buffer) => ({ name: 'a.png', mimeType: 'image/png', buffer }));
  await page.setInputFiles('#pictures', pictures);
  found.push(...(await violations(page)));
  await page.getByRole('button', { name: 'Crear los modelos' }).click();
  await page.getByRole('alert').getByRole('link').waitFor();
  found.push(...(await violations(page)));
  await page.getByRole('alert').getByRole('link').click();
  await page.getByRole('link', { name: 'Tu modelo está listo' }).waitFor({ timeout: 60_000 });
  found.push(...(await violations(page)));
  assert.deepEqual(found, []);
});

test('so can the pages of a job, whatever becomes of it', async (t) => {
  const server = await serve(t);
  const { page } = await openPage(t);
  const picture = { name: 'a.png', mimeType: 'image/png', buffer: vase(256) };
  const found = [];
  await page.goto(`${server.url}/ru`);
  await page.locator('select[name=engine]').selectOption('triposr');
  await page.setInputFiles('#picture', picture);
  await page.locator('.retry').waitFor({ timeout: 60_000 });
  found.push(...(await violations(page)));

  await page.goto(`${server.url}/ja`);
  await page.setInputFiles('#picture', picture);
  await page.locator('[data-viewer-state=ready]').waitFor({ timeout: 60_000 });
  for (const fold of await page.locator('main details').all()) await fold.locator('summary').click();
  await page.locator('report-panel img').evaluate((image) => image.decode());
  found.push(...(await violations(page)));

  await page.locator('[action$="/delete"] button').click();
  await page.locator('.receipts').waitFor();
  found.push(...(await violations(page)));
  await page.goto(`${server.url}/nowhere`);
  found.push(...(await violations(page)));
  assert.deepEqual(found, []);
});
