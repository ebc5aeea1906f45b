// What goes wrong between a browser and the server, and what is left of it afterwards: nothing.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rename, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { test } from 'node:test';
import { BINARY, eventually, filesBelow, job, openPage, screenshot, serve } from './harness.mjs';
import { form, vase } from './pictures.mjs';

test('a closed browser does not stop the job', async (t) => {
  const server = await serve(t);
  const { browser, page } = await openPage(t);
  await page.goto(server.url);
  await page.setInputFiles('#picture', { name: 'a.png', mimeType: 'image/png', buffer: vase() });
  await page.waitForURL(/\/jobs\//);
  const path = new URL(page.url()).pathname;
  await browser.close();
  await eventually('the job ends without its browser', async () => (await job(server, path)).state === 'done');
});

test('an upload cut half-way leaves nothing', async (t) => {
  const server = await serve(t);
  const before = await filesBelow(server.dataDir);
  const body = form(vase());
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    `POST /jobs HTTP/1.1\r\nhost: localhost\r\ncontent-type: multipart/form-data; boundary=boundary-of-the-test\r\ncontent-length: ${body.length}\r\n\r\n`,
  );
  socket.write(body.subarray(0, body.length / 2));
  await new Promise((resolve) => setTimeout(resolve, 300));
  socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.deepEqual(await filesBelow(server.dataDir), before);
  assert.equal((await fetch(`${server.url}/health`)).status, 200);
});

test('a browser that sends far too much gets to read why it was refused', async (t) => {
  const server = await serve(t);
  const { page } = await openPage(t);
  await page.goto(server.url);
  const reply = await page.evaluate(async () => {
    const form = new FormData();
    form.set('picture', new File([new Uint8Array(80 << 20)], 'huge.png'));
    const reply = await fetch('/jobs', { method: 'POST', body: form, headers: { accept: 'application/json' } });
    return { status: reply.status, detail: (await reply.json()).detail };
  });
  assert.equal(reply.status, 413);
  assert.match(reply.detail, /At most 32 MB/);

  await page.setInputFiles('#picture', { name: 'huge.png', mimeType: 'image/png', buffer: Buffer.alloc(33 << 20) });
  assert.match(await page.getByRole('alert').innerText(), /has 33 MB; at most 32 MB/);
});

test('what is no picture is refused in words, and the page is ready for the next one', async (t) => {
  const server = await serve(t);
  const { page, complaints } = await openPage(t);
  await page.goto(server.url);
  await page.setInputFiles('#picture', { name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('Dear diary, …') });
  await page.getByRole('alert').waitFor();
  assert.match(await page.getByRole('alert').innerText(), /not a picture/);
  await page.setInputFiles('#picture', { name: 'a.png', mimeType: 'image/png', buffer: vase(96) });
  await page.waitForURL(/\/jobs\//);
  assert.deepEqual(complaints, []);
});

test('without network nothing is lost: the picture can be sent when it is back, and a job goes on meanwhile', async (t) => {
  const server = await serve(t);
  const { context, page } = await openPage(t);
  const picture = { name: 'a.png', mimeType: 'image/png', buffer: vase(640) };
  await page.goto(server.url);
  await context.setOffline(true);
  await page.setInputFiles('#picture', picture);
  await page.getByRole('alert').filter({ hasText: 'The connection broke while sending' }).waitFor();
  await context.setOffline(false);
  await page.setInputFiles('#picture', picture);
  await page.waitForURL(/\/jobs\//);
  await context.setOffline(true);
  const path = new URL(page.url()).pathname;
  await eventually('the job ends meanwhile', async () => (await job(server, path)).state === 'done');
  await context.setOffline(false);
  await page.getByRole('heading', { name: 'Your model is ready' }).waitFor({ timeout: 60_000 });
});

test('two tabs, two presses, back and forth: each picture is one job', async (t) => {
  const server = await serve(t);
  const { context, page, requests, complaints } = await openPage(t);
  const other = await context.newPage();
  const picture = (size) => ({ name: 'a.png', mimeType: 'image/png', buffer: vase(size) });
  await page.goto(server.url);
  await other.goto(server.url);
  await page.getByRole('button', { name: 'Try it with this picture' }).dblclick();
  await other.setInputFiles('#picture', picture(128));
  await page.waitForURL(/\/jobs\//);
  await other.waitForURL(/\/jobs\//);
  assert.equal(requests.filter((url) => url === `${server.url}/jobs`).length, 2);
  assert.notEqual(page.url(), other.url());
  const address = page.url();
  await page.goBack();
  await page.locator('picture-drop:not([sending])').waitFor();
  await page.goForward();
  await page.getByRole('heading', { name: 'Your model is ready' }).waitFor({ timeout: 60_000 });
  assert.equal(page.url(), address);
  assert.deepEqual(complaints, []);
});

test('a form left open needs no session: the picture is taken after all that the browser kept is gone', async (t) => {
  const server = await serve(t);
  const { context, page, complaints } = await openPage(t);
  await page.goto(`${server.url}/es/pro`);
  await context.clearCookies();
  await page.evaluate(() => {
    sessionStorage.clear();
    localStorage.clear();
  });
  await page.setInputFiles('#picture', { name: 'a.png', mimeType: 'image/png', buffer: vase(128) });
  await page.waitForURL(/\/es\/jobs\//);
  assert.equal((await job(server, new URL(page.url()).pathname)).tier, 'pro');
  assert.deepEqual(await context.cookies(), []);
  assert.deepEqual(complaints, []);
});

test('when its time is over an open page says so, and the link does in any language', async (t) => {
  const server = await serve(t);
  const { context, page, complaints } = await openPage(t);
  await page.goto(server.url);
  await page.getByLabel('Keep it for').selectOption('1');
  await page.setInputFiles('#picture', { name: 'a.png', mimeType: 'image/png', buffer: vase(128) });
  await page.getByRole('heading', { name: 'Your model is ready' }).waitFor({ timeout: 50_000 });
  const link = page.url();
  await page.getByRole('heading', { name: 'It is gone' }).waitFor({ timeout: 90_000 });

  const later = await context.newPage();
  assert.equal((await later.goto(`${link}/model.glb`)).status(), 410);
  assert.equal((await later.goto(link)).status(), 410);
  await later.getByText('because the hour was over').waitFor();
  await later.getByRole('contentinfo').getByRole('link', { name: 'Français' }).click();
  await later.locator('html[lang=fr]').waitFor();
  await eventually('the proof is there', async () => {
    await later.reload();
    return (await later.locator('.receipts li').count()) === 3;
  });
  await screenshot(later, 'expired-fr');
  await later.getByRole('main').locator('a[href="/fr"]').click();
  await later.locator('picture-drop').waitFor();
  assert.deepEqual(complaints, []);
});

test('a wrong link gets a page that helps', async (t) => {
  const server = await serve(t);
  const { page } = await openPage(t);
  const reply = await page.goto(`${server.url}/jobs/00000000000000000000000000`);
  assert.equal(reply.status(), 404);
  await page.getByText('Back to the start').click();
  await page.locator('picture-drop').waitFor();
});

/** What a visitor reads when the disk fails. */
const FAILED = {
  fr: ['Quelque chose s’est cassé chez nous', 'Numéro de la requête'],
  ja: ['こちら側で問題が起きました', 'リクエスト番号'],
};

test('when the disk fails, people and programs get the number under which the log has it', async (t) => {
  const server = await serve(t);
  const { page } = await openPage(t, { javaScriptEnabled: false });
  const objects = `${server.dataDir}/vault/objects`;
  await rename(objects, `${objects}-away`);
  await writeFile(objects, 'no folder any more');
  const logged = async (number) => {
    await eventually('it is in the log', () => server.log().includes(number));
    const told = server.log().split('\n').filter((line) => line.includes(number)).join('\n');
    assert.match(told, /storage failed/);
    assert.match(told, /answered.*500/);
  };
  for (const [tag, [title, label]] of Object.entries(FAILED)) {
    await page.goto(`${server.url}/${tag}`);
    await page.setInputFiles('#picture', { name: 'a.png', mimeType: 'image/png', buffer: vase() });
    const [reply] = await Promise.all([page.waitForNavigation(), page.locator('picture-drop button.without-script').click()]);
    assert.equal(reply.status(), 500);
    await page.getByRole('heading', { name: title }).waitFor();
    const number = await page.locator('p', { hasText: label }).last().locator('code').innerText();
    assert.equal(number, reply.headers()['x-request-id']);
    await logged(number);
    await screenshot(page, `failure-${tag}`);
    await page.getByRole('main').locator(`a[href="/${tag}/contact"]`).click();
    await page.waitForURL(`${server.url}/${tag}/contact`);
  }
  const body = new FormData();
  body.set('picture', new Blob([vase()]), 'a.png');
  const reply = await fetch(`${server.url}/api/v1/jobs`, { method: 'POST', body });
  assert.equal(reply.status, 500);
  assert.equal(reply.headers.get('content-type'), 'application/problem+json');
  assert.deepEqual(Object.keys(await reply.json()).sort(), ['code', 'detail', 'status', 'title', 'type']);
  await logged(reply.headers.get('x-request-id'));
});

test('a second server on the same port says so in one line and how to go on', async (t) => {
  const server = await serve(t);
  const second = spawn(BINARY, ['serve', '--listen', new URL(server.url).host, '--data-dir', `${server.dataDir}/second`]);
  let complaint = '';
  second.stderr.on('data', (piece) => (complaint += piece));
  const [code] = await once(second, 'exit');
  assert.equal(code, 1);
  assert.match(complaint, /^.*port \d+ is taken.*--listen 127\.0\.0\.1:\d+.*\n$/);
});
