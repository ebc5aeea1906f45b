// The editor where people do what nobody planned: two tabs, no network in the middle, going back, coming too late.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { eventually, job, openPage, serve } from './harness.mjs';

const TEAPOT = fileURLToPath(new URL('../../examples/teapot.jpg', import.meta.url));

async function edit(page, server) {
  await page.goto(`${server.url}/edit`);
  await page.locator('image-editor[ready]').waitFor();
  await page.locator('[name=picture]').setInputFiles(TEAPOT);
  await page.locator('image-editor[editing]').waitFor();
}

const begin = (page) => page.getByRole('button', { name: 'Edit the picture' }).click();
const made = (page) => page.locator('[data-part=made]').waitFor({ timeout: 90_000 });
const address = async (page) => new URL(await page.locator('[data-part=page]').getAttribute('href'), page.url()).pathname;

test('two tabs edit side by side, each its own picture', async (t) => {
  const server = await serve(t);
  const { context, page, complaints } = await openPage(t);
  const other = await context.newPage();
  await edit(page, server);
  await edit(other, server);
  await page.locator('[name=rotate]').selectOption('90');
  await other.locator('[name=exposure]').fill('1');
  await Promise.all([begin(page), begin(other)]);
  await Promise.all([made(page), made(other)]);
  assert.notEqual(await address(page), await address(other));
  await other.close();
  await page.getByRole('button', { name: 'Undo' }).click();
  assert.equal(await page.locator('[name=rotate]').inputValue(), '90');
  assert.equal(await page.locator('[name=exposure]').inputValue(), '0', 'the other tab’s settings stay there');
  assert.deepEqual(complaints, []);
});

test('without network in the middle, the result comes when it is back', async (t) => {
  const server = await serve(t);
  const { context, page } = await openPage(t);
  await edit(page, server);
  await page.locator('[name=denoise]').fill('15');
  const sent = page.waitForResponse((reply) => reply.request().method() === 'POST' && reply.status() === 201);
  await begin(page);
  const path = new URL((await sent).headers()['location'], server.url).pathname;
  await context.setOffline(true);
  await eventually('the job ends meanwhile', async () => (await job(server, path)).state === 'done', 90_000);
  await page.waitForTimeout(500);
  await context.setOffline(false);
  await eventually('the result is there, or the page says why not and keeps the picture', async () =>
    (await page.locator('[data-part=made]').isVisible()) || (await page.locator('image-editor [data-part=problem]').isVisible()), 30_000);
  if (!(await page.locator('[data-part=made]').isVisible())) {
    assert.equal(await page.locator('[name=denoise]').inputValue(), '15');
    await begin(page);
    await made(page);
  }
});

test('whoever leaves in the middle and comes back can go on', async (t) => {
  const server = await serve(t);
  const { page } = await openPage(t);
  await edit(page, server);
  await page.locator('[name=denoise]').fill('15');
  await begin(page);
  await page.locator('image-editor[working]').waitFor();
  await page.getByRole('contentinfo').getByRole('link', { name: 'Privacy' }).click();
  await page.waitForURL(/privacy/);
  await page.goBack();
  await page.locator('image-editor[ready]:not([working])').waitFor();
  await page.locator('[name=picture]').setInputFiles(TEAPOT);
  await page.locator('image-editor[editing]').waitFor();
  await page.locator('[name=denoise]').fill('0');
  await page.locator('[name=exposure]').fill('0.5');
  await begin(page);
  await made(page);
});

test('a result that is gone says so, and its picture can still be sent', async (t) => {
  const server = await serve(t);
  const { page } = await openPage(t);
  await edit(page, server);
  await page.locator('[name=exposure]').fill('0.5');
  await begin(page);
  await made(page);
  const gone = await address(page);
  assert.equal((await fetch(server.url + gone, { method: 'DELETE' })).status, 204);
  await page.locator('[name=contrast]').fill('20');
  await begin(page);
  await eventually('another result', async () => (await address(page)) !== gone);
  const second = await address(page);
  assert.equal((await fetch(server.url + second, { method: 'DELETE' })).status, 204);
  await page.getByRole('button', { name: 'Make a 3D model of it' }).click();
  await page.getByRole('heading', { name: 'It is gone' }).waitFor();
  await page.goBack();
  await page.locator('image-editor[ready]').waitFor();
});
