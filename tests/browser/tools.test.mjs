// The image tools with the real server and its networks: forms without scripts, results, deletion.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { job, openPage, screenshot, serve } from './harness.mjs';
import { vase } from './pictures.mjs';
import { decode, encode } from './png.mjs';

const TEAPOT = fileURLToPath(new URL('../../examples/teapot.jpg', import.meta.url));
const VASE = { name: 'holiday in rome.png', mimeType: 'image/png', buffer: vase(256) };

test('without scripts a photograph loses its background and becomes a model', async (t) => {
  const server = await serve(t);
  const { page } = await openPage(t, { javaScriptEnabled: false });
  await page.goto(`${server.url}/remove-background`);
  await page.getByLabel('Picture', { exact: true }).setInputFiles(TEAPOT);
  await page.getByRole('button', { name: 'Remove the background' }).click();
  await page.getByRole('heading', { name: 'Your picture is ready' }).waitFor({ timeout: 60_000 });
  const path = new URL(page.url()).pathname;
  assert.ok(await page.locator('.stage img').evaluate((image) => image.naturalWidth > 0), 'it is shown');
  await screenshot(page, 'tool-matte-done');

  const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('Download as PNG').click()]);
  assert.equal(download.suggestedFilename(), 'picture.png');
  const { width, channels, pixels } = decode(await readFile(await download.path()));
  assert.equal(channels, 4);
  assert.equal(pixels[3], 0, 'the corner is transparent');
  assert.equal(pixels[(Math.floor(pixels.length / 4 / width / 2) * width + width / 2) * 4 + 3], 255, 'the teapot is there');

  await page.getByRole('button', { name: 'Make a 3D model of it' }).click();
  await page.getByRole('heading', { name: 'Your model is ready' }).waitFor({ timeout: 60_000 });
  await page.goBack();
  await page.goto(server.url + path);
  await page.getByRole('button', { name: 'Delete now' }).click();
  await page.getByRole('heading', { name: 'It is gone' }).waitFor();
  assert.equal((await job(server, path)).status, 410);
  assert.equal((await fetch(`${server.url}${path}/picture.webp`)).status, 410);
  assert.ok(server.log().includes('/jobs/{id}/picture.png'), 'the log knows which routes were asked for');
  assert.ok(!server.log().includes(path.split('/').at(-1)), 'the log does not know the job’s id');
});

test('without scripts a picture is edited and something is erased from it', async (t) => {
  const server = await serve(t);
  const { page } = await openPage(t, { javaScriptEnabled: false });
  await page.goto(`${server.url}/edit`);
  await page.getByLabel('Picture', { exact: true }).setInputFiles(VASE);
  await page.locator('select[name=rotate]').selectOption('90');
  await page.getByLabel('Keep only').fill('0,0,200,100');
  await page.getByLabel('Saturation').fill('-100');
  await page.getByLabel('this colour:').check();
  await page.getByRole('button', { name: 'Edit the picture' }).click();
  await page.getByRole('heading', { name: 'Your picture is ready' }).waitFor({ timeout: 60_000 });
  const edited = await (await fetch(`${page.url()}/picture.png?view`)).arrayBuffer();
  const { width, height, pixels, channels } = decode(Buffer.from(edited));
  assert.deepEqual([width, height, channels], [200, 100, 3]);
  for (let at = 0; at < pixels.length; at += 3) assert.ok(pixels[at] === pixels[at + 1], 'grey everywhere');

  const wall = encode(128, 128, (x, y) => (Math.hypot(x - 64, y - 64) < 10 ? [220, 20, 20, 255] : [90, 120 + (x % 4), 160, 255]));
  const mask = encode(128, 128, (x, y) => (Math.hypot(x - 64, y - 64) < 14 ? [255, 255, 255, 255] : [0, 0, 0, 255]));
  await page.goto(`${server.url}/erase`);
  await page.getByLabel('Picture', { exact: true }).setInputFiles({ ...VASE, buffer: wall });
  await page.locator('input[name=mask]').setInputFiles({ ...VASE, buffer: encode(64, 64, () => [255, 255, 255, 255]) });
  await page.getByRole('button', { name: 'Erase it' }).click();
  await page.getByText('The mask has 64 × 64 pixels and the picture 128 × 128').waitFor();
  await page.goto(`${server.url}/erase`);
  await page.getByLabel('Picture', { exact: true }).setInputFiles({ ...VASE, buffer: wall });
  await page.locator('input[name=mask]').setInputFiles({ ...VASE, buffer: mask });
  await page.getByRole('button', { name: 'Erase it' }).click();
  await page.getByRole('heading', { name: 'Your picture is ready' }).waitFor({ timeout: 60_000 });
  const filled = decode(Buffer.from(await (await fetch(`${page.url()}/picture.png?view`)).arrayBuffer()));
  for (let at = 0; at < filled.pixels.length; at += 3) assert.ok(filled.pixels[at] < 150, 'nothing red is left');
});

for (const [name, options] of Object.entries({
  'phone-dark': { viewport: { width: 360, height: 740 }, colorScheme: 'dark', hasTouch: true },
  'wide-light': { viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
})) {
  test(`the pages of the tools can be looked at: ${name}`, async (t) => {
    const server = await serve(t);
    const { page, complaints } = await openPage(t, options);
    for (const part of ['remove-background', 'edit', 'erase']) {
      await page.goto(`${server.url}/${part}`);
      await screenshot(page, `tool-${part}-${name}`);
    }
    assert.deepEqual(complaints, []);
  });
}
