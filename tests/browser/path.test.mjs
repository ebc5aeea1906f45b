// The whole path in a browser: upload, progress, model, download, deletion.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { eventually, job, openPage, screenshot, serve } from './harness.mjs';
import { vase } from './pictures.mjs';
import { decode } from './png.mjs';

const PICTURE = { name: 'holiday in rome.png', mimeType: 'image/png', buffer: vase() };

test('a picture becomes a model that can be turned, saved and deleted', async (t) => {
  const server = await serve(t);
  const { page, requests, complaints } = await openPage(t, { viewport: { width: 1000, height: 700 } });

  await page.goto(server.url);
  const seen = await watchStatus(page);
  await page.setInputFiles('#picture', PICTURE);
  await page.waitForURL(/\/jobs\/[0-9a-z]{26}$/);
  const path = new URL(page.url()).pathname;

  await page.locator('[data-viewer-state=ready]').waitFor({ timeout: 60_000 });
  assert.ok((await seen()).some((text) => /%/.test(text)), 'progress was shown in percent');
  await assertDrawn(page);

  const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('Download the model').click()]);
  assert.equal(download.suggestedFilename(), 'model.glb');
  assertGlb(await readFile(await download.path()));

  assert.match(await page.locator('time-left').innerText(), /^(60:00|59:\d\d)$/);
  const before = await page.locator('time-left').innerText();
  await eventually('the countdown moves', async () => (await page.locator('time-left').innerText()) !== before);

  await page.getByText('Delete now').click();
  await page.getByRole('heading', { name: 'It is gone' }).waitFor();
  assert.equal((await job(server, path)).status, 410);
  assert.equal((await fetch(`${server.url}${path}/model.glb`)).status, 410);
  assert.equal((await fetch(`${server.url}${path}/preview.png`)).status, 410);
  await page.getByText('Start with another picture').click();
  await page.locator('picture-drop').waitFor();

  const foreign = requests.filter((url) => !url.startsWith(server.url) && !url.startsWith(`blob:${server.url}`));
  assert.deepEqual(foreign, [], 'nothing is asked of anyone else');
  assert.deepEqual(complaints, [], 'the browser has nothing to complain about');
  assert.ok(server.log().includes('/jobs/{id}/model.glb'), 'the log knows which routes were asked for');
  const id = path.split('/').at(-1);
  assert.ok(!server.log().includes(id), 'the log does not know the job’s id');
  assert.ok(!server.log().includes('rome'), 'the log does not know the file’s name');
});

test('a photograph loses its background: the weights that the test command installs are found', async (t) => {
  const server = await serve(t);
  const { page } = await openPage(t);
  await page.goto(server.url);
  await page.setInputFiles('#picture', fileURLToPath(new URL('../../examples/teapot.jpg', import.meta.url)));
  await page.locator('[data-viewer-state=ready]').waitFor({ timeout: 60_000 });
  await assertDrawn(page, { colours: 2 });
  await screenshot(page, 'photograph-done');
});

test('everything can be done with the keyboard', async (t) => {
  const server = await serve(t);
  const { page, complaints } = await openPage(t);
  await page.goto(server.url);

  await tabTo(page, 'input[name=tier]');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.locator('input[name=tier]:checked').getAttribute('value'), 'pro');
  await page.keyboard.press('ArrowLeft');
  await tabTo(page, '[data-part=options] summary');
  await page.keyboard.press('Enter');
  await tabTo(page, '[name=topology]');
  await page.keyboard.press('ArrowDown');
  await tabTo(page, '[name=faces]');
  await page.keyboard.type('5000');
  await tabTo(page, '[name=print]');
  await page.keyboard.press('Space');
  await tabTo(page, '#picture');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Space')]);
  await chooser.setFiles(PICTURE);

  await page.locator('[data-viewer-state=ready]').waitFor({ timeout: 60_000 });
  assert.equal(await page.locator('h1').innerText(), 'Your model is ready');
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1', 'focus follows to the news');
  const { topology, faces, print } = await job(server, new URL(page.url()).pathname);
  assert.deepEqual({ topology, faces, print }, { topology: 'quad', faces: 5000, print: true });
  await tabTo(page, 'model-viewer');
  const orbit = () => page.locator('model-viewer').evaluate((viewer) => viewer.getCameraOrbit().theta);
  const before = await orbit();
  for (let press = 0; press < 4; press++) await page.keyboard.press('ArrowLeft');
  await eventually('the arrow keys turn the model', async () => Math.abs((await orbit()) - before) > 0.1);
  await tabTo(page, 'a[download="model.glb"]');
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  assertGlb(await readFile(await download.path()));

  await tabTo(page, '[action$="/delete"] button');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'It is gone' }).waitFor();
  assert.deepEqual(complaints, []);
});

test('a picture can be dropped and pasted', async (t) => {
  const server = await serve(t);
  const { page } = await openPage(t);
  for (const kind of ['drop', 'paste']) {
    await page.goto(server.url);
    await page.locator('picture-drop').waitFor();
    await page.evaluate(({ kind, bytes }) => {
      const carried = new DataTransfer();
      carried.items.add(new File([new Uint8Array(bytes)], 'picture.png', { type: 'image/png' }));
      if (kind === 'drop') window.dispatchEvent(new DragEvent('drop', { dataTransfer: carried, cancelable: true }));
      else document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: carried }));
    }, { kind, bytes: [...vase(96)] });
    await page.waitForURL(/\/jobs\//);
  }
});

test('without scripts the form, the waiting page, the downloads and the deletion still work', async (t) => {
  const server = await serve(t);
  const { page } = await openPage(t, { javaScriptEnabled: false });
  await page.goto(server.url);
  await page.setInputFiles('#picture', PICTURE);
  await page.getByRole('button', { name: 'Make the model' }).click();
  await page.waitForURL(/\/jobs\//);
  await page.getByRole('heading', { name: 'Your model is ready' }).waitFor({ timeout: 60_000 });
  assert.ok(await page.locator('.stage img').evaluate((image) => image.naturalWidth > 0), 'the preview is shown');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('Download the model').click()]);
  assertGlb(await readFile(await download.path()));
  await page.getByRole('button', { name: 'Delete now' }).click();
  await page.getByRole('heading', { name: 'It is gone' }).waitFor();
});

/** Records every text the status line shows, across pages swapped in place. */
async function watchStatus(page) {
  await page.evaluate(() => {
    window.statusTexts = [];
    const record = () => {
      const text = document.querySelector('[data-part=status]')?.textContent;
      if (text && window.statusTexts.at(-1) !== text) window.statusTexts.push(text);
    };
    new MutationObserver(record).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  return () => page.evaluate(() => window.statusTexts);
}

/** Looks at the pixels: several colours, and another picture from the side than from the front. */
async function assertDrawn(page, { colours = 5 } = {}) {
  const turn = (name) => page.getByRole('button', { name, exact: true }).click();
  const look = async () => decode(await page.locator('#stage').screenshot());
  await turn('Front');
  await eventually('the model is drawn in its colours', async () => strongColours(await look()) >= colours);
  const front = await look();
  await turn('Right');
  await eventually('the model turns', async () => changedPixels(front, await look()) > 500);
}

/** How many different colours there are. The stage itself is nearly grey, and not counted. */
function strongColours({ channels, pixels }) {
  const colours = new Set();
  for (let at = 0; at < pixels.length; at += channels) {
    const [r, g, b] = pixels.subarray(at, at + 3);
    if (Math.max(r, g, b) - Math.min(r, g, b) > 60) colours.add(((r >> 5) << 6) | ((g >> 5) << 3) | (b >> 5));
  }
  return colours.size;
}

function changedPixels(one, other) {
  let changed = 0;
  for (let at = 0; at < one.pixels.length; at += one.channels) {
    if (Math.abs(one.pixels[at] - other.pixels[at]) > 24) changed++;
  }
  return changed;
}

function assertGlb(bytes) {
  assert.equal(bytes.toString('latin1', 0, 4), 'glTF');
  assert.equal(bytes.readUInt32LE(4), 2, 'version');
  assert.equal(bytes.readUInt32LE(8), bytes.length, 'the header tells the file’s length');
  const json = JSON.parse(bytes.toString('utf8', 20, 20 + bytes.readUInt32LE(12)));
  assert.ok(json.meshes.length > 0 && json.images.length > 0, 'a mesh and a texture');
}

async function tabTo(page, selector) {
  for (let presses = 0; presses < 60; presses++) {
    if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab never reaches ${selector}`);
}
