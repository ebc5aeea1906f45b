// The form's options, and pictures as phones make them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { job, openPage, serve } from './harness.mjs';
import { vase } from './pictures.mjs';

const VASE = { name: 'a.png', mimeType: 'image/png', buffer: vase(256) };
const DIARY = { name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('Dear diary, …') };
const HEIC = { name: 'a.heic', mimeType: 'image/heic', buffer: Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1') };

const CHOSEN = { topology: 'quad', symmetry: 'x', ground: 'centre', keep_background: 'false', faces: '5000', texture: '512', size_mm: '80', seed: '7' };

async function choose(page) {
  await page.locator('[data-part=options] summary').click();
  for (const [name, value] of Object.entries(CHOSEN)) {
    const field = page.locator(`picture-drop [name=${name}]`);
    if ((await field.evaluate((one) => one.localName)) === 'select') await field.selectOption(value);
    else await field.fill(value);
  }
  await page.locator('[name=print]').check();
}

async function chosen(page) {
  const values = {};
  for (const name of Object.keys(CHOSEN)) values[name] = await page.locator(`picture-drop [name=${name}]`).inputValue();
  return values;
}

test('every option is in the form, stays after an error, and reaches the job', async (t) => {
  const server = await serve(t);
  const { page, complaints } = await openPage(t);
  await page.goto(server.url);
  await choose(page);
  await page.setInputFiles('#picture', DIARY);
  await page.getByRole('alert').waitFor();
  assert.deepEqual(await chosen(page), CHOSEN);
  await page.setInputFiles('#picture', VASE);
  await page.waitForURL(/\/jobs\//);
  const made = await job(server, new URL(page.url()).pathname);
  const { topology, symmetry, ground, faces, texture, size_mm, seed, print } = made;
  assert.deepEqual(
    { topology, symmetry, ground, faces, texture, size_mm, seed, print },
    { topology: 'quad', symmetry: 'x', ground: 'centre', faces: 5000, texture: 512, size_mm: 80, seed: 7, print: true },
  );
  assert.deepEqual(complaints, []);
});

test('without scripts, what was set is still there when one goes back from an error', async (t) => {
  const server = await serve(t);
  const { page } = await openPage(t, { javaScriptEnabled: false });
  await page.goto(`${server.url}/fr`);
  await choose(page);
  await page.setInputFiles('#picture', DIARY);
  await page.getByRole('button', { name: 'Créer le modèle' }).last().click();
  await page.getByRole('link', { name: 'Retour au début' }).waitFor();
  await page.goBack();
  assert.deepEqual(await chosen(page), CHOSEN);
});

test('a phone’s picture of 60 megapixels becomes a model, a larger one is told its limit', async (t) => {
  const server = await serve(t);
  const { page } = await openPage(t);
  const take = (width, height) => page.evaluate(async ([width, height]) => {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    context.fillStyle = '#d8d4cc';
    context.fillRect(0, 0, width, height);
    context.fillStyle = '#a6461b';
    context.beginPath();
    context.ellipse(width / 2, height / 2, width / 5, height / 3, 0, 0, 2 * Math.PI);
    context.fill();
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
    const carried = new DataTransfer();
    carried.items.add(new File([blob], 'photo.jpg', { type: 'image/jpeg' }));
    const input = document.querySelector('#picture');
    input.files = carried.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    return blob.size;
  }, [width, height]);
  await page.goto(server.url);
  await take(9600, 7200);
  await page.getByRole('alert').filter({ hasText: '9,600 × 7,200 pixels, more than 64 megapixels: make it smaller' }).waitFor({ timeout: 30_000 });
  await take(9000, 6667);
  await page.waitForURL(/\/jobs\//, { timeout: 60_000 });
  await page.locator('[data-viewer-state=ready]').waitFor({ timeout: 120_000 });
});

test('a picture in a phone’s own format is told the way out, in every tool', async (t) => {
  const server = await serve(t);
  const { page } = await openPage(t);
  await page.goto(server.url);
  await page.setInputFiles('#picture', HEIC);
  await page.getByRole('alert').filter({ hasText: 'Most Compatible' }).waitFor();
  await page.goto(`${server.url}/es/edit`);
  await page.locator('[name=picture]').setInputFiles(HEIC);
  await page.locator('form.tool button').click();
  await page.getByText('Más compatible').waitFor();
});
