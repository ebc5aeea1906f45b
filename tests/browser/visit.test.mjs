// What a visit costs: requests, bytes, shifts of the page, work of the processor.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage, serve } from './harness.mjs';
import { LANGUAGES, PAGES, at } from './pages.mjs';
import { vase } from './pictures.mjs';

const HOME_BYTES = 60 * 1024;
const MOST_SHIFT = 0.02;
const MOST_BLOCKING_MILLIS = 100;

test('a full visit asks nobody but this server', async (t) => {
  const server = await serve(t);
  const { page, requests, complaints } = await openPage(t);
  const asked = async (what) => {
    requests.length = 0;
    await what();
    await page.waitForLoadState('networkidle');
    assert.ok(requests.length > 0);
    assert.deepEqual(requests.filter((url) => !/^blob:/.test(url) && new URL(url).origin !== server.url), []);
    return new Set(requests).size;
  };
  for (const tag of Object.keys(LANGUAGES)) {
    for (const path of PAGES) {
      const count = await asked(() => page.goto(server.url + at(tag, path)));
      // The page, its script, its style, the icon, an example's picture, one to try.
      assert.ok(count <= 6, `${at(tag, path)}: ${count}`);
    }
  }
  await asked(async () => {
    await page.goto(`${server.url}/fr/pro`);
    await page.getByRole('button', { name: 'Le tourner en 3D' }).click();
    await page.locator('[data-viewer-state=ready]').waitFor({ timeout: 60_000 });
  });
  await asked(async () => {
    await page.goto(`${server.url}/es`);
    await page.setInputFiles('#picture', { name: 'a.png', mimeType: 'image/png', buffer: vase(256) });
    await page.getByRole('heading', { name: 'Tu modelo está listo' }).waitFor({ timeout: 60_000 });
    await page.locator('[data-viewer-state=ready]').waitFor({ timeout: 60_000 });
    await page.getByText('¿Se puede imprimir?').click();
    await page.locator('report-panel img').evaluate((image) => image.decode());
    await page.getByRole('button', { name: 'Borrar ahora' }).click();
    await page.getByRole('heading', { name: 'Ya no existe' }).waitFor();
  });
  assert.ok(new URL(page.url()).pathname.startsWith('/es/jobs/'), 'the visit stays in its language');
  assert.deepEqual(complaints, []);
});

test('the first page is light, stands still and leaves the processor alone', async (t) => {
  const server = await serve(t);
  const { page, requests } = await openPage(t);
  await page.addInitScript(() => {
    window.cost = { shift: 0, blocking: 0 };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.cost.shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.cost.blocking += Math.max(0, entry.duration - 50);
    }).observe({ type: 'longtask', buffered: true });
  });
  const replies = [];
  page.on('response', (reply) => replies.push(reply));
  await page.goto(server.url, { waitUntil: 'networkidle' });
  await page.waitForTimeout(1000);
  let bytes = 0;
  for (const reply of replies) {
    const { responseBodySize } = await reply.request().sizes();
    bytes += responseBodySize;
  }
  const { shift, blocking } = await page.evaluate(() => window.cost);
  t.diagnostic(`${bytes} bytes in ${replies.length} replies, shift ${shift.toFixed(4)}, blocked for ${blocking.toFixed(0)} ms`);
  assert.ok(bytes <= HOME_BYTES, `${bytes} bytes`);
  assert.ok(!requests.some((url) => url.includes('viewer')), 'the viewer is not loaded');
  assert.ok(shift <= MOST_SHIFT, `shifted by ${shift}`);
  assert.ok(blocking <= MOST_BLOCKING_MILLIS, `blocked for ${blocking} ms`);
});

test('whoever has no picture at hand takes ours, and a page tells what its example consists of', async (t) => {
  const server = await serve(t);
  const { page, complaints } = await openPage(t);
  // The last one's job comes before the one that is waited for.
  for (const tier of ['pro', 'ultra', 'base']) {
    await page.goto(`${server.url}/${tier}`);
    const address = await page.locator('#stage').getAttribute('data-viewer');
    const glb = Buffer.from(await (await fetch(server.url + address)).arrayBuffer());
    const { accessors, meshes, asset } = JSON.parse(glb.toString('utf8', 20, 20 + glb.readUInt32LE(12)));
    const faces = accessors[meshes[0].primitives[0].indices].count / 3;
    assert.equal(asset.extras.tier, tier);
    await page.getByText(`only ${faces.toLocaleString('en')} faces`).waitFor();
  }
  const drawn = page.locator('#stage > img');
  await drawn.scrollIntoViewIfNeeded();
  const [corner, middle] = await drawn.evaluate(async (image) => {
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context.drawImage(image, 0, 0);
    return [[2, 2], [width / 2, height / 2]].map(([x, y]) => context.getImageData(x, y, 1, 1).data[3]);
  });
  assert.deepEqual([corner, middle], [0, 255], 'the example stands on its page’s own ground, light or dark');
  await page.getByRole('button', { name: 'Try it with this picture' }).click();
  await page.waitForURL(/\/jobs\//);
  await page.goto(`${server.url}/fr`);
  await page.getByRole('button', { name: 'Essayer avec cette image' }).click();
  await page.locator('[data-viewer-state=ready]').waitFor({ timeout: 60_000 });
  assert.deepEqual(complaints, []);
});

test('people can write to whoever runs the server, if they named an address', async (t) => {
  const named = await serve(t, ['--contact', 'hello@example.org']);
  const { page, complaints } = await openPage(t);
  await page.goto(`${named.url}/pt`);
  await page.getByRole('contentinfo').getByRole('link', { name: 'Contacto' }).click();
  assert.equal(await page.locator('main a').first().getAttribute('href'), 'mailto:hello@example.org');
  await page.getByLabel('Assunto').fill('Uma pergunta');
  await page.getByLabel('Mensagem').fill('Quanto custa?\nObrigado.');
  // What goes to a mail program is no request; that the page's own policy lets it go is all that can be seen.
  await page.getByRole('button', { name: 'Continuar no meu programa de correio' }).click();
  await page.waitForTimeout(500);
  assert.deepEqual(complaints, []);
  assert.equal(await page.getByLabel('Assunto').inputValue(), 'Uma pergunta', 'what was written stays');
  const nameless = await serve(t);
  await page.goto(`${nameless.url}/contact`);
  await page.getByText('has not named an address').waitFor();
});
