// Several photographs of one object, with and without scripts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, job, openPage, serve } from './harness.mjs';
import { vase } from './pictures.mjs';

const PICTURE = { name: 'a.png', mimeType: 'image/png', buffer: vase(256) };

for (const javaScriptEnabled of [true, false]) {
  test(`other sides go along with the picture, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const server = await serve(t);
    const { page, complaints } = await openPage(t, { javaScriptEnabled });
    await page.goto(server.url);
    await page.getByText('Add other sides of the object').click();
    await page.setInputFiles('#picture', PICTURE);
    await page.getByLabel('Back', { exact: true }).setInputFiles(PICTURE);
    assert.equal(new URL(page.url()).pathname, '/', 'nothing is sent before the button is pressed');
    if (javaScriptEnabled) await page.locator('.drop img').waitFor();
    await page.getByRole('button', { name: 'Make the model' }).last().click();
    await page.waitForURL(/\/jobs\//);
    const path = new URL(page.url()).pathname;
    const made = await eventually('the model is made', async () => {
      const now = await job(server, path);
      return ['queued', 'running'].includes(now.state) ? undefined : now;
    }, 120_000);
    assert.equal(made.state, 'done', JSON.stringify(made));
    assert.deepEqual(complaints, []);
  });
}

for (const javaScriptEnabled of [true, false]) {
  test(`a side that can’t be used is named, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const server = await serve(t);
    const { page } = await openPage(t, { javaScriptEnabled });
    await page.goto(`${server.url}/es`);
    await page.locator('.sides summary').click();
    await page.setInputFiles('#picture', PICTURE);
    await page.locator('input[name=left]').setInputFiles({ name: 'b.png', mimeType: 'image/png', buffer: Buffer.from('Dear diary') });
    await page.getByRole('button', { name: 'Crear el modelo' }).last().click();
    await page.getByText(/^Imagen izquierda:/).waitFor();
  });
}
