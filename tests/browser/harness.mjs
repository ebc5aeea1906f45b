// The real binary and a real browser. AI3DGEN_BIN is the path of `ai3dgen`.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, mkdir, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { chromium } = createRequire(new URL('../../web/package.json', import.meta.url))('playwright-core');

/** Where screenshots for people go; not in the repository. */
export const OUT = fileURLToPath(new URL('../../out/', import.meta.url));

export const BINARY = process.env['AI3DGEN_BIN'] ?? fileURLToPath(new URL('../../target/release/ai3dgen', import.meta.url));

/** Background requests of Chromium itself are off; WebGL runs on the processor. */
const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];

/** Starts `ai3dgen serve` on a free port with an empty data folder, and more options; stops when the test ends. */
export async function serve(t, options = []) {
  const dataDir = await mkdtemp(join(tmpdir(), 'ai3dgen-browser-'));
  const server = spawn(BINARY, ['serve', '--listen', '127.0.0.1:0', '--data-dir', dataDir, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, AI3DGEN_LOG: 'info' },
  });
  let output = '';
  let log = '';
  server.stdout.on('data', (piece) => (output += piece));
  server.stderr.on('data', (piece) => (log += piece));
  const ended = once(server, 'exit');
  t.after(async () => {
    server.kill('SIGTERM');
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  });
  const address = await eventually('the server says where it is', () => {
    assert.equal(server.exitCode, null, `the server ended: ${log}`);
    return /ready: (http:\S+)/.exec(output)?.[1];
  });
  return { url: address, dataDir, pid: server.pid, log: () => log };
}

/** A fresh page that keeps an account of everything a browser could complain about. */
export async function openPage(t, options = {}) {
  const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: CHROMIUM_FLAGS });
  t.after(() => browser.close());
  const context = await browser.newContext({ reducedMotion: 'reduce', acceptDownloads: true, ...options });
  const requests = [];
  const complaints = [];
  context.on('request', (request) => requests.push(request.url()));
  context.on('weberror', (error) => complaints.push(`uncaught: ${error.error()}`));
  context.on('console', (message) => {
    const expected = /status of 4(04|09|10|13|15|22)/.test(message.text());
    if (message.type() === 'error' && !expected) complaints.push(message.text());
  });
  const page = await context.newPage();
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`),
    );
  });
  return { browser, context, page, requests, complaints };
}

/** Polls until `probe` answers something; fails with `what` after `limitMillis`. */
export async function eventually(what, probe, limitMillis = 60_000) {
  for (const end = Date.now() + limitMillis; Date.now() < end; ) {
    const answer = await probe();
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return assert.fail(`never happened: ${what}`);
}

/** Every file below a folder, by relative path. */
export async function filesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
}

/** The job at `path` as JSON, with the reply's status. */
export async function job(server, path) {
  const reply = await fetch(server.url + path, { headers: { accept: 'application/json' } });
  return { status: reply.status, ...(await reply.json()) };
}

export async function screenshot(page, name, options = { fullPage: true }) {
  await mkdir(OUT, { recursive: true });
  return page.screenshot({ path: join(OUT, `${name}.png`), ...options });
}
