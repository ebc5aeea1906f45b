// Our package for TypeScript, as it was built and installed, against the real server: in Node and in Chromium.
// AI3DGEN_PACKAGE is a folder in whose node_modules it is.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, rm, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { BINARY, openPage, serve } from '../browser/harness.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const installed = createRequire(join(process.env['AI3DGEN_PACKAGE'], 'here.js'));
const { Ai3dgenError, ApiError, Client, NoModel, Unreachable } = await import(pathToFileURL(installed.resolve('ai3dgen')));
const { open, save } = await import(pathToFileURL(installed.resolve('ai3dgen/node')));
const PICTURE = here('disc.png');

/** A server that asks for keys, and a client that has one. */
async function started(t) {
  const { url, dataDir } = await serve(t, ['--require-keys']);
  const key = execFileSync(BINARY, ['keys', 'create', 'own', '--data-dir', dataDir], { encoding: 'utf8' }).trim();
  return { url, key, client: new Client(url, key) };
}

async function folder(t) {
  const made = await mkdtemp(join(tmpdir(), 'ai3dgen-package-'));
  t.after(() => rm(made, { recursive: true }));
  return made;
}

test('makes, saves and destroys a model', async (t) => {
  const { client, url } = await started(t);
  const out = await folder(t);
  const heard = [];
  const model = await client.generate(await open(PICTURE), { faces: 2000, print: true, onProgress: (job) => heard.push(job) });
  assert.equal(heard.at(-1).state, 'done');
  assert.ok(heard.length > 2 && model.job.print && model.job.faces === 2000);
  await save(model, join(out, 'model.glb'));
  execFileSync('node', [here('../readers/validate.mjs'), join(out, 'model.glb')]);
  await save(model, join(out, 'model.obj.zip'));
  assert.equal((await readFile(join(out, 'model.obj.zip'))).toString('latin1', 0, 2), 'PK');
  assert.equal(Buffer.from(await (await model.preview()).arrayBuffer()).toString('latin1', 1, 4), 'PNG');
  assert.ok(await client.printReport(model.job.id, 80));
  assert.deepEqual((await client.list()).jobs.map((job) => job.id), [model.job.id]);
  await assert.rejects(save(model, join(out, 'model.fbx')), TypeError);

  const receipts = await model.delete();
  assert.deepEqual(receipts.map((receipt) => receipt.kind).sort(), ['model', 'picture', 'preview']);
  await writeFile(join(out, 'receipts'), receipts.map((receipt) => JSON.stringify(receipt)).join('\n'));
  const key = await (await fetch(`${url}/.well-known/ai3dgen-receipts.pub`)).text();
  execFileSync(BINARY, ['receipts', 'verify', join(out, 'receipts'), '--key', key.trim()]);
  await assert.rejects(save(model, join(out, 'gone.glb')), { code: 'gone', status: 410 });
  assert.deepEqual((await readdir(out)).filter((name) => name.startsWith('gone')), []);
});

test('makes models of many pictures', async (t) => {
  const { client } = await started(t);
  const picture = await open(PICTURE);
  const batch = await client.batch([picture, new Blob(['Dear diary']), picture], { tier: 'base', faces: 2000 });
  assert.deepEqual(batch.pictures.map(({ job, problem }) => job?.faces ?? problem?.code), [2000, 'not_a_picture', 2000]);
  assert.ok(batch.overview.startsWith('http'));
  for (const { job } of [batch.pictures[0], batch.pictures[2]]) assert.equal((await client.wait(job)).job.state, 'done');
  await assert.rejects(client.batch(['http://127.0.0.1:1/cup.jpg']), { status: 422, code: 'picture_unreachable' });
  await assert.rejects(client.batch([]), { status: 400, code: 'no_picture' });
});

test('edits a picture', async (t) => {
  const { client } = await started(t);
  const out = await folder(t);
  const turned = await client.wait(await client.tool('edit', await open(PICTURE), { rotate: 90 }));
  assert.equal(turned.job.tool, 'edit');
  await save(turned, join(out, 'turned.png'));
  assert.equal((await readFile(join(out, 'turned.png'))).toString('latin1', 1, 4), 'PNG');
  await assert.rejects(save(turned, join(out, 'turned.glb')), TypeError);
  await assert.rejects(client.tool('erase', await open(PICTURE), {}), { code: 'no_mask', status: 400 });
});

test('goes on after a broken connection', async (t) => {
  const { url, key } = await started(t);
  const requests = [];
  const streams = () => requests.filter((request) => request.includes('/events '));
  const way = net.createServer((client) => {
    const server = net.connect(new URL(url).port);
    for (const [from, to] of [[client, server], [server, client]]) {
      from.on('close', () => to.destroy()).on('error', () => {});
    }
    client.on('data', (piece) => requests.push(piece.toString('latin1')) && server.write(piece));
    server.on('data', (piece) => {
      client.write(piece);
      if (streams().length === 1 && piece.includes('event: job')) client.destroySoon();
    });
  });
  await new Promise((resolve) => way.listen(0, '127.0.0.1', resolve));
  t.after(() => way.close());
  const heard = [];
  const client = new Client(`http://127.0.0.1:${way.address().port}`, key);
  await client.generate(await open(PICTURE), { onProgress: (job) => heard.push(`${job.state} ${job.stage} ${job.progress}`) });
  assert.deepEqual(streams().map((request) => /last-event-id/i.test(request)), [false, true]);
  assert.match(heard.at(-1), /^done/);
  assert.equal(new Set(heard).size, heard.length, 'an event came twice');
});

test('cancels', async (t) => {
  const { client } = await started(t);
  const picture = await open(PICTURE);
  const stop = new AbortController();
  let id;
  const onProgress = (job) => {
    id = job.id;
    stop.abort();
  };
  await assert.rejects(client.generate(picture, { left: picture, onProgress, signal: stop.signal }), { name: 'AbortError' });
  await assert.rejects(client.job(id), { code: 'gone' });
  const job = await client.create(picture, { left: picture });
  assert.equal((await client.cancel(job.id)).state, 'cancelled');
  const asked = [];
  const cancelled = client.generate(picture, { left: picture, onProgress: (job) => asked.push(client.cancel(job.id)) });
  await assert.rejects(cancelled, (error) => error instanceof NoModel && error.job.state === 'cancelled');
  await Promise.all(asked);
});

test('says what is wrong', async (t) => {
  const { client, url } = await started(t);
  const picture = await open(PICTURE);
  await assert.rejects(new Client('http://127.0.0.1:1').generate(picture), (error) => {
    assert.match(error.message, /http:\/\/127\.0\.0\.1:1\./);
    return error instanceof Unreachable && error instanceof Ai3dgenError;
  });
  assert.throws(() => new Client('127.0.0.1:3000'), TypeError);
  const secret = 'own_0123456789';
  const large = new Blob([new Uint8Array(16 << 20)]);
  for (const refused of [picture, large]) {
    await assert.rejects(new Client(url, secret).generate(refused), (error) => {
      assert.ok(error instanceof ApiError && !error.message.includes(secret), error);
      return error.code === 'key_unknown' && error.status === 401;
    });
  }
  await assert.rejects(client.generate(new Blob(['no picture'])), { status: 415 });
  await assert.rejects(client.generate(new Blob([new Uint8Array(200 << 20)])), { status: 413, code: 'too_large' });
  await assert.rejects(client.generate(picture, { tier: 'gold' }), { status: 400 });
  await assert.rejects(client.generate('http://127.0.0.1:1/cup.jpg'), { status: 422 });
  await assert.rejects(client.job('0'.repeat(26)), { status: 404 });
});

test('works in a page', async (t) => {
  const { url, key } = await started(t);
  const { page } = await openPage(t);
  await page.route('**/client/*.js', (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1);
    return route.fulfill({ path: join(dirname(installed.resolve('ai3dgen')), name), contentType: 'text/javascript' });
  });
  await page.goto(url);
  const bytes = [...(await readFile(PICTURE))];
  const kinds = await page.evaluate(async ([key, bytes]) => {
    const { Client } = await import('/client/index.js');
    const model = await new Client(location.origin, key).generate(new Blob([new Uint8Array(bytes)]));
    const file = await (await model.fetch()).blob();
    const start = await file.slice(0, 4).text();
    return [start, ...(await model.delete()).map((receipt) => receipt.kind)];
  }, [key, bytes]);
  assert.deepEqual(kinds.sort(), ['glTF', 'model', 'picture', 'preview']);
});

test('works in a page of somebody else’s', async (t) => {
  const { url, key } = await started(t);
  const elsewhere = await serve(t);
  // What that page may connect to is its own business, and not what is tried here.
  const { page } = await openPage(t, { bypassCSP: true });
  await page.route('**/client/*.js', (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1);
    return route.fulfill({ path: join(dirname(installed.resolve('ai3dgen')), name), contentType: 'text/javascript' });
  });
  await page.goto(elsewhere.url);
  const bytes = [...(await readFile(PICTURE))];
  const fetched = await page.evaluate(async ([url, key, bytes]) => {
    const { Client } = await import('/client/index.js');
    const model = await new Client(url, key).generate(new Blob([new Uint8Array(bytes)]));
    const reply = await model.fetch('stl');
    const { size } = await reply.blob();
    const preview = await (await model.preview()).slice(1, 4).text();
    return [reply.headers.get('content-disposition'), Number(reply.headers.get('content-length')) === size, preview];
  }, [url, key, bytes]);
  assert.deepEqual(fetched, ['attachment; filename="model.stl"', true, 'PNG']);
});

test('has its licences', async () => {
  const files = await readdir(join(dirname(installed.resolve('ai3dgen')), '..'));
  assert.deepEqual(files.sort(), ['LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'dist', 'package.json']);
});

test('has types', async (t) => {
  const user = join(process.env['AI3DGEN_PACKAGE'], 'user.mts');
  await writeFile(user, `
    import { Client, type Job } from 'ai3dgen';
    const model = await new Client('http://127.0.0.1:3000').generate(new Blob(), { tier: 'pro', size_mm: 80 });
    const job: Job = model.job;
    export const { seconds_left }: { seconds_left: number | null } = job;
    await new Client('http://127.0.0.1:3000').tool('erase', new Blob(), { mask: new Blob() });
    // @ts-expect-error nothing to erase
    await new Client('http://127.0.0.1:3000').tool('erase', new Blob(), {});
    // @ts-expect-error there is no such tier
    await new Client('http://127.0.0.1:3000').generate(new Blob(), { tier: 'gold' });
  `);
  const tsc = here('../../clients/typescript/node_modules/.bin/tsc');
  execFileSync(tsc, ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2023,dom', user], { stdio: 'inherit' });
});
