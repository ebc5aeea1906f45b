// What a visitor chooses before and takes afterwards: the tier, other formats, the report.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { job, openPage, serve } from './harness.mjs';
import { vase } from './pictures.mjs';

const PICTURE = { name: 'a.png', mimeType: 'image/png', buffer: vase(256) };

test('a tier chosen with the keyboard is what is sent, and is still chosen for the next picture', async (t) => {
  const server = await serve(t);
  const { page, complaints } = await openPage(t);
  await page.goto(server.url);
  const chosen = () => page.locator('input[name=tier]:checked').getAttribute('value');
  assert.equal(await chosen(), 'base');
  await page.getByRole('radio', { name: /^Base/ }).focus();
  await page.keyboard.press('ArrowDown');
  assert.equal(await chosen(), 'pro');

  await page.setInputFiles('#picture', { ...PICTURE, buffer: Buffer.from('Dear diary, …') });
  await page.getByRole('alert').waitFor();
  assert.equal(await chosen(), 'pro', 'a refusal changes nothing');

  await page.setInputFiles('#picture', PICTURE);
  await page.waitForURL(/\/jobs\//);
  await page.getByRole('heading', { name: 'Your model is ready' }).waitFor({ timeout: 120_000 });
  const glb = Buffer.from(await (await fetch(`${page.url()}/model.glb`)).arrayBuffer());
  const { asset } = JSON.parse(glb.toString('utf8', 20, 20 + glb.readUInt32LE(12)));
  assert.equal(asset.extras.tier, 'pro', 'the model says how it was made');
  await page.goto(server.url);
  assert.equal(await chosen(), 'pro', 'the page remembers');
  assert.deepEqual(complaints, []);
});

for (const javaScriptEnabled of [true, false]) {
  test(`a model is saved for a printer and for other programs ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const { page, complaints } = await finishedJob(t, { javaScriptEnabled });
    const save = async (click) => {
      const [download] = await Promise.all([page.waitForEvent('download'), click()]);
      return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
    };
    await page.getByText('Other formats').click();
    await page.getByLabel('To print, longest side').fill('80');
    const stl = await save(() => page.getByRole('button', { name: 'STL' }).click());
    assert.equal(stl.name, 'model.stl');
    assert.ok(Math.abs(longestSide(stl.bytes) - 80) < 0.01, 'millimetres');
    const obj = await save(() => page.getByRole('link', { name: 'OBJ', exact: true }).click());
    assert.equal(obj.name, 'model.obj.zip');
    assert.equal(obj.bytes.toString('latin1', 0, 2), 'PK');
    assert.ok(await page.getByRole('heading', { name: 'Your model is ready' }).isVisible(), 'the page stays');
    assert.deepEqual(complaints, []);
  });
}

test('the report opens beside the model, measures another size and is gone with the model', async (t) => {
  const { server, page, requests, complaints } = await finishedJob(t);
  const path = new URL(page.url()).pathname;
  assert.ok(!requests.some((url) => url.includes('/report')), 'nobody asked for it yet');
  await page.getByText('Can it be printed?').click();
  const report = page.locator('report-panel [data-part=report]');
  await report.getByText(/nothing stands against it|Not as it is/).waitFor({ timeout: 60_000 });
  await report.getByText(/× 100 × .* mm/).waitFor();
  await report.locator('img').evaluate((image) => image.decode());

  await report.getByLabel('Longest side').fill('2');
  await report.getByLabel('Longest side').press('Enter');
  await report.getByText('print it larger').waitFor({ timeout: 60_000 });
  assert.equal(new URL(page.url()).pathname, path, 'the page stays');

  await page.getByText('Delete now').click();
  await page.getByRole('heading', { name: 'It is gone' }).waitFor();
  for (const part of ['', '/report', '/model?format=stl']) assert.equal((await job(server, path + part)).status, 410, part);
  assert.equal((await fetch(`${server.url}${path}/report.png`)).status, 410);
  assert.deepEqual(complaints, []);
});

test('without scripts the report is a page of its own', async (t) => {
  const { page } = await finishedJob(t, { javaScriptEnabled: false });
  await page.getByText('Can it be printed?').click();
  await page.getByRole('link', { name: 'Have a look at it' }).click();
  await page.getByRole('heading', { name: 'Can it be printed?' }).waitFor();
  assert.match(await page.locator('.figures').innerText(), /Watertight\s+yes/);
  await page.getByRole('link', { name: 'Back to the model' }).click();
  await page.getByRole('heading', { name: 'Your model is ready' }).waitFor();
});

/** A page that shows a finished model. */
async function finishedJob(t, options = {}) {
  const server = await serve(t);
  const opened = await openPage(t, options);
  const { page } = opened;
  await page.goto(server.url);
  await page.setInputFiles('#picture', PICTURE);
  if (options.javaScriptEnabled === false) await page.getByRole('button', { name: 'Make the model' }).click();
  await page.getByRole('heading', { name: 'Your model is ready' }).waitFor({ timeout: 60_000 });
  return { server, ...opened };
}

/** Of a binary STL: 80 bytes of text, a count, 50 bytes per triangle. */
function longestSide(bytes) {
  const count = bytes.readUInt32LE(80);
  assert.ok(count > 100, `${count} triangles`);
  assert.equal(bytes.length, 84 + 50 * count);
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let triangle = 0; triangle < count; triangle++) {
    // A normal, then three corners.
    for (let number = 3; number < 12; number++) {
      const value = bytes.readFloatLE(84 + 50 * triangle + 4 * number);
      low[number % 3] = Math.min(low[number % 3], value);
      high[number % 3] = Math.max(high[number % 3], value);
    }
  }
  return Math.max(...high.map((value, axis) => value - low[axis]));
}
