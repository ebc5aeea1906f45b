// A job that fails and becomes a model after all, and what the service says about its promises.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, job, openPage, serve } from './harness.mjs';
import { vase } from './pictures.mjs';

const PICTURE = { name: 'a.png', mimeType: 'image/png', buffer: vase(256) };

for (const javaScriptEnabled of [true, false]) {
  test(`a failed job is tried again with another engine ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const server = await serve(t);
    const { page, complaints } = await openPage(t, { javaScriptEnabled });
    await page.goto(server.url);
    // Its weights are not there.
    await page.getByLabel('Shape network').selectOption('triposr');
    await page.setInputFiles('#picture', PICTURE);
    if (!javaScriptEnabled) await page.getByRole('button', { name: 'Make the model' }).click();
    await page.getByRole('heading', { name: 'No model this time' }).waitFor({ timeout: 60_000 });
    await page.getByText('TripoSR is not installed on this server').waitFor();
    const path = new URL(page.url()).pathname;
    assert.equal((await job(server, path)).links.retry, `${path}/retry`);

    assert.equal(await page.getByLabel('Shape network').inputValue(), 'triposr', 'what it was');
    await page.getByLabel('Shape network').selectOption('inflate');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Your model is ready' }).waitFor({ timeout: 60_000 });
    assert.equal(new URL(page.url()).pathname, path, 'it is the same job');
    assert.deepEqual(complaints, []);
  });
}

test('whoever waits is told what is left once runs were measured', async (t) => {
  const server = await serve(t);
  const { page, complaints } = await openPage(t);
  const make = async () => {
    await page.goto(server.url);
    await page.setInputFiles('#picture', PICTURE);
    await page.waitForURL(/\/jobs\//);
    const status = page.locator('[data-part=status]').first();
    const told = [];
    const done = page.getByRole('heading', { name: 'Your model is ready' });
    while (!(await done.isVisible())) {
      told.push(await status.textContent({ timeout: 1000 }).catch(() => ''));
      await page.waitForTimeout(20);
    }
    return told;
  };
  assert.ok(!(await make()).some((text) => /left|usual/.test(text)), 'nothing was measured yet');
  const told = await make();
  assert.ok(told.some((text) => /about \d+ s left|longer than usual/.test(text)), told.join('\n'));
  assert.deepEqual(complaints, []);
});

test('the promises and how they stand are a page for anyone', async (t) => {
  const server = await serve(t);
  const { page, complaints } = await openPage(t, { javaScriptEnabled: false });
  await eventually('the server has checked itself', async () => {
    const reply = await fetch(`${server.url}/status`, { headers: { accept: 'application/json' } });
    return (await reply.json()).promises[3].ok !== null;
  });
  await page.goto(server.url);
  await page.getByRole('link', { name: 'Are these promises kept?' }).click();
  await page.getByRole('heading', { name: 'Are the promises kept?' }).waitFor();
  assert.equal(await page.locator('.standing').count(), 6);
  assert.ok((await page.locator('.standing[data-ok=kept]').count()) >= 4);
  await page.getByText('Never checked here').waitFor();
  assert.deepEqual(complaints, []);
});
