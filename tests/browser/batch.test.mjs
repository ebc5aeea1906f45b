// Many pictures at once: dropped, chosen, taken back, sent with options, refused, looked at.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, job, openPage, serve } from './harness.mjs';
import { vase } from './pictures.mjs';

const VASES = [96, 128].map((size) => ({ name: `vase ${size}.png`, mimeType: 'image/png', buffer: vase(size) }));
const DIARY = { name: 'diary.png', mimeType: 'image/png', buffer: Buffer.from('Dear diary, …') };
/** What is chosen in the form, by its fields' names. */
const CHOSEN = { engine: 'inflate', topology: 'quad', faces: '777', lifetime: '30' };

async function choose(page) {
  await page.locator('[data-part=options] summary').click();
  await page.locator('[name=faces]').fill(CHOSEN.faces);
  for (const name of ['engine', 'topology', 'lifetime']) await page.locator(`[name=${name}]`).selectOption(CHOSEN[name]);
}

async function chosen(page) {
  const values = {};
  for (const name of Object.keys(CHOSEN)) values[name] = await page.locator(`[name=${name}]`).inputValue();
  return values;
}

/** Drops files on the page, beside the place for them. */
async function drop(page, files) {
  await page.evaluate((files) => {
    const carried = new DataTransfer();
    for (const { name, bytes } of files) carried.items.add(new File([new Uint8Array(bytes)], name, { type: 'image/png' }));
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: carried, cancelable: true }));
  }, files.map(({ name, buffer }) => ({ name, bytes: [...buffer] })));
}

test('pictures are dropped and taken back, what is refused is named, and every job has the options', async (t) => {
  const server = await serve(t);
  const { page, requests, complaints } = await openPage(t);
  await page.goto(`${server.url}/batch`);
  await page.locator('picture-batch').waitFor();
  await choose(page);
  await drop(page, [VASES[0], DIARY]);
  await page.setInputFiles('#pictures', VASES);
  const waiting = page.locator('.chosen li');
  await eventually('all are shown', async () => (await waiting.count()) === 4);
  await page.getByRole('button', { name: 'Leave out vase 96.png' }).last().click();
  assert.equal(await waiting.count(), 3);
  // What a browser can't draw shows its name.
  await waiting.filter({ hasText: 'diary.png' }).waitFor();

  await page.getByRole('button', { name: 'Make the models' }).dblclick();
  const problem = page.getByRole('alert');
  await problem.filter({ hasText: 'diary.png: ' }).waitFor();
  assert.match(await problem.innerText(), /not a picture/);
  assert.equal(requests.filter((url) => url === `${server.url}/batch`).length, 2, 'the page, and one request for two presses');
  assert.deepEqual(await chosen(page), CHOSEN, 'what was set stays');
  assert.equal(await waiting.count(), 1, 'so does what was refused');

  await problem.getByRole('link').click();
  await page.waitForURL(/\/batch\?jobs=/);
  const overview = new URL(page.url());
  await eventually('both become models without anybody looking again', async () =>
    (await page.getByRole('link', { name: 'Your model is ready' }).count()) === 2);
  const { pictures } = await job(server, overview.pathname + overview.search);
  assert.deepEqual(pictures.map(({ topology, faces, engine }) => [topology, faces, engine]), Array(2).fill(['quad', 777, 'inflate']));
  assert.deepEqual(complaints, []);
});

test('what is accepted as a whole is shown at once, and going back begins anew', async (t) => {
  const server = await serve(t);
  const { page, complaints } = await openPage(t);
  await page.goto(`${server.url}/ja/batch`);
  await page.setInputFiles('#pictures', VASES);
  await page.getByRole('button', { name: 'モデルを作る' }).click();
  await page.waitForURL(/\/ja\/batch\?jobs=/);
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1', 'focus follows to the news');
  await page.goBack();
  await page.locator('.chosen').waitFor({ state: 'attached' });
  assert.equal(await page.locator('.chosen li').count(), 0);
  assert.deepEqual(complaints, []);
});

test('too many, too large and too little are told before anything is sent', async (t) => {
  const server = await serve(t);
  const { page, requests } = await openPage(t);
  await page.goto(`${server.url}/batch`);
  await page.setInputFiles('#pictures', Array(33).fill(VASES[0]));
  await page.getByRole('alert').filter({ hasText: 'At most 32 pictures at once' }).waitFor();
  const large = { ...VASES[0], buffer: Buffer.alloc(17 << 20) };
  await page.setInputFiles('#pictures', [large, large]);
  await page.getByRole('button', { name: 'Make the models' }).click();
  await page.getByRole('alert').filter({ hasText: 'Together they have 34 MB; at most 32 MB' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Make the models' }).click();
  assert.equal(await page.evaluate(() => document.querySelector('#pictures').matches(':invalid')), true, 'a picture is needed');
  assert.ok(requests.every((url) => !url.includes('jobs=')));
});

test('without scripts the form sends what its field has, and what was set is still there after an error', async (t) => {
  const server = await serve(t);
  const { page } = await openPage(t, { javaScriptEnabled: false });
  await page.goto(`${server.url}/batch`);
  await choose(page);
  await page.setInputFiles('#pictures', [DIARY]);
  await page.getByRole('button', { name: 'Make the models' }).click();
  await page.getByRole('heading', { name: 'That picture can’t be used' }).waitFor();
  await page.goBack();
  assert.deepEqual(await chosen(page), CHOSEN);
  await page.setInputFiles('#pictures', VASES);
  await page.getByRole('button', { name: 'Make the models' }).click();
  await page.waitForURL(/\/batch\?jobs=/);
  await page.getByRole('link', { name: 'Your model is ready' }).nth(1).waitFor({ timeout: 60_000 });
});
