// Everything the viewer can do, with the keyboard alone, on the example that the site ships.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { decode } from './png.mjs';
import { eventually, openPage, serve } from './harness.mjs';

/** Mean of the channels' differences, of 255. */
function difference(one, other) {
  const [a, b] = [decode(one), decode(other)];
  assert.deepEqual([a.width, a.height], [b.width, b.height]);
  return a.pixels.reduce((sum, value, at) => sum + Math.abs(value - b.pixels[at]), 0) / a.pixels.length;
}

/** Mean step from a pixel to the one on its right. */
function rough(png) {
  const { channels, pixels } = decode(png);
  let sum = 0;
  for (let at = channels; at < pixels.length; at++) sum += Math.abs(pixels[at] - pixels[at - channels]);
  return sum / pixels.length;
}

test('what can be put into the room is offered where the device can do that, and only there', async (t) => {
  const server = await serve(t);
  for (const can of [false, true]) {
    const { page, complaints } = await openPage(t);
    // No headless browser has such a device; all else is real.
    if (can) await page.addInitScript(() => { navigator.xr.isSessionSupported = async (mode) => mode === 'immersive-ar'; });
    await page.goto(`${server.url}/es/pro`);
    await page.getByRole('button', { name: 'Girarlo en 3D' }).click();
    await page.locator('[data-viewer-state=ready]').waitFor({ timeout: 60_000 });
    const offer = page.getByRole('button', { name: 'Verlo en tu habitación' });
    if (can) await offer.waitFor();
    assert.equal(await offer.isVisible(), can);
    assert.deepEqual(complaints, []);
  }
});

/** As on an iPhone: its name, and the claim that Quick Look is there. Presses of links are kept, since nothing here opens them. */
async function iPhone(t) {
  const userAgent = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';
  const opened = await openPage(t, { userAgent, viewport: { width: 390, height: 844 }, hasTouch: true });
  await opened.page.addInitScript(() => {
    const supports = DOMTokenList.prototype.supports;
    DOMTokenList.prototype.supports = function (token) { return token === 'ar' || supports.call(this, token); };
    HTMLAnchorElement.prototype.click = async function () {
      const bytes = new Uint8Array(await (await fetch(this.href)).arrayBuffer());
      window.pressed = { rel: this.rel, name: this.download, href: this.href, text: new TextDecoder('latin1').decode(bytes) };
    };
  });
  return opened;
}

async function turned(page, server) {
  await page.goto(`${server.url}/pro`);
  await page.getByRole('button', { name: 'Turn it in 3D' }).click();
  await page.locator('[data-viewer-state=ready]').waitFor({ timeout: 60_000 });
}

test('an iPhone gets the model as USDZ for Quick Look, made in the browser', async (t) => {
  const server = await serve(t);
  const { page, complaints, requests } = await iPhone(t);
  await turned(page, server);
  await page.getByRole('button', { name: 'See it in your room' }).click();
  const { rel, name, href, text } = await eventually('the link is pressed', () => page.evaluate(() => window.pressed));
  assert.equal(rel, 'ar');
  assert.match(name, /\.usdz$/);
  assert.match(href, new RegExp(`^blob:${server.url}/`));
  // USDZ is a ZIP without compression whose first file is the scene.
  assert.ok(text.startsWith('PK\x03\x04') && /#usda 1\.0/.test(text) && /point3f\[\] points/.test(text), text.slice(0, 200));
  assert.deepEqual(requests.filter((url) => !url.startsWith(server.url) && !url.startsWith('blob:')), []);
  assert.deepEqual(complaints, []);
});

test('an Android phone is never sent to Scene Viewer, which would learn the address; what fails is said', async (t) => {
  const server = await serve(t);
  const userAgent = 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36';
  const { page, requests } = await openPage(t, { userAgent, viewport: { width: 390, height: 844 }, hasTouch: true });
  const offer = page.getByRole('button', { name: 'See it in your room' });
  await turned(page, server);
  assert.equal(await offer.isVisible(), false, 'without WebXR there is nothing to offer');
  // A phone that says it could, and then has no session to give.
  await page.addInitScript(() => { navigator.xr.isSessionSupported = async (mode) => mode === 'immersive-ar'; });
  await turned(page, server);
  await offer.click();
  await page.getByRole('alert').filter({ hasText: 'couldn’t put the model into your room' }).waitFor();
  assert.equal(await offer.isVisible(), false);
  assert.deepEqual(requests.filter((url) => !url.startsWith(server.url) && !url.startsWith('blob:')), []);
});

test('the viewer shows wires, normals, light, size and all of the screen', async (t) => {
  const server = await serve(t);
  const { page, complaints, requests } = await openPage(t);
  await page.goto(`${server.url}/pro`);
  assert.ok(!requests.some((url) => /viewer|\.glb/.test(url)), 'nothing heavy before it is asked for');
  const press = async (name) => {
    await page.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
  };
  await press('Turn it in 3D');
  await page.locator('[data-viewer-state=ready]').waitFor({ timeout: 60_000 });
  assert.equal(await page.evaluate(() => document.activeElement?.localName), 'model-viewer', 'the keyboard goes on with the model');
  await page.locator('summary', { hasText: 'Ways to look at it' }).focus();
  await page.keyboard.press('Enter');

  const stage = page.locator('#stage');
  const drawn = async () => {
    // The next frame has what was asked for.
    await page.waitForTimeout(500);
    return stage.screenshot();
  };
  const plain = await drawn();
  const differs = async (from, what) => assert.ok(!from.equals(await drawn()), what);
  for (const name of ['Wireframe', 'Normals', 'Other background']) {
    const button = page.getByRole('button', { name, exact: true });
    await press(name);
    assert.equal(await button.getAttribute('aria-pressed'), 'true');
    const changed = difference(plain, await drawn());
    assert.ok(changed > 3, `${name} is to be seen: ${changed}`);
    await press(name);
    assert.equal(await button.getAttribute('aria-pressed'), 'false');
    // On a busy machine the viewer draws coarser, so not byte for byte.
    const back = difference(plain, await drawn());
    assert.ok(back < changed / 3, `${name}, off again: as before but for ${back} of ${changed}`);
  }
  await press('Wireframe');
  assert.ok(rough(await drawn()) > 2 * rough(plain), 'wires are lines with gaps between them');
  await press('Wireframe');

  await press('Measure');
  const distance = page.locator('[data-tool=distance]');
  assert.equal(await distance.innerText(), '–');
  const { x, y, width, height } = await stage.boundingBox();
  // One point by hand, the other, which is in the middle, by key.
  await page.mouse.click(x + width * 0.4, y + height * 0.55);
  await page.locator('model-viewer').focus();
  await page.keyboard.press('Enter');
  const metres = Number(/^(0\.\d+) m$/.exec(await distance.innerText())?.[1]);
  assert.ok(metres > 0.02 && metres < 1, `${metres} m: within the model, whose longest side is one metre`);
  await press('Measure');
  assert.equal(await page.locator('.point').count(), 0);
  await page.getByLabel('Light', { exact: true }).focus();
  await page.keyboard.press('Home');
  await differs(plain, 'darker');

  await press('Turntable');
  const before = await drawn();
  await page.waitForTimeout(2000);
  await differs(before, 'it turns');
  await press('Front');
  assert.equal(await page.getByRole('button', { name: 'Turntable' }).getAttribute('aria-pressed'), 'false');

  assert.match(await page.locator('[data-tool=size]').innerText(), /^(\d(\.\d+)? m( × )?){3}$/);

  const [download] = await Promise.all([page.waitForEvent('download'), press('Save a picture')]);
  assert.equal(download.suggestedFilename(), 'view.png');
  assert.equal((await readFile(await download.path())).toString('latin1', 1, 4), 'PNG');

  await press('Full screen');
  await eventually('the stage fills the screen', () => page.evaluate(() => document.fullscreenElement?.id === 'stage'));
  assert.deepEqual(complaints, []);
});
