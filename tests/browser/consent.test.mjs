// Nobody who counts visits hears of one before its visitor agrees, nor after they changed their mind, nor ever of content.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { eventually, openPage, screenshot, serve } from './harness.mjs';
import { LANGUAGES, at } from './pages.mjs';
import { vase } from './pictures.mjs';

/** A server that counts, as PostHog does; Google's is answered in the browser, since its address is fixed. */
async function counters(t, context) {
  const heard = [];
  const server = createServer(async (request, reply) => {
    const pieces = await request.toArray();
    heard.push({ url: request.url, headers: request.headers, body: Buffer.concat(pieces).toString() });
    reply.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  await context.route('https://www.google-analytics.com/**', (route) => {
    heard.push({ url: route.request().url(), headers: route.request().headers(), body: '' });
    return route.fulfill({ status: 204 });
  });
  return { heard, url: `http://127.0.0.1:${server.address().port}` };
}

async function scene(t, options) {
  const { context, page, complaints } = await openPage(t, options);
  const { heard, url } = await counters(t, context);
  const server = await serve(t, ['--ga4', 'G-AB12CD34EF', '--posthog-key', 'phc_a1B2', '--posthog-host', url]);
  /** What was told while `what` went on. */
  const told = async (what) => {
    heard.length = 0;
    await what();
    await page.waitForLoadState('networkidle');
    return [...heard];
  };
  const counted = () => eventually('both are told of one visit', () => heard.length === 2, 10_000);
  return { context, page, complaints, server, told, counted };
}

test('visits are counted after a yes, and no longer after a no', async (t) => {
  const { context, page, complaints, server, told, counted } = await scene(t);
  const go = (path) => told(() => page.goto(server.url + path));
  assert.deepEqual(await go('/fr/faq'), []);
  assert.deepEqual(await context.cookies(), []);

  const banner = page.getByRole('region', { name: 'Statistiques' });
  const [yes, no] = [banner.getByRole('button', { name: 'Accepter' }), banner.getByRole('button', { name: 'Refuser' })];
  const look = (button) => button.evaluate((element) => {
    const { color, backgroundColor, fontSize, fontWeight, height } = getComputedStyle(element);
    return [color, backgroundColor, fontSize, fontWeight, height];
  });
  assert.deepEqual(await look(yes), await look(no), 'one answer is as easy as the other');

  const first = await told(async () => {
    await yes.click();
    await banner.waitFor({ state: 'detached' });
    await counted();
  });
  assert.equal(first.length, 2, 'one visit, told to two');
  assert.equal(new URL(page.url()).pathname, '/fr/faq', 'the visitor stays on the page');
  for (const { headers } of first) assert.equal(headers.referer ?? headers.cookie, undefined);
  const ga4 = new URL(first.find(({ url }) => url.startsWith('https:')).url).searchParams;
  assert.deepEqual(
    ['tid', 'en', 'dl', 'aip', 'npa', 'gcs'].map((name) => ga4.get(name)),
    ['G-AB12CD34EF', 'page_view', `${server.url}/fr/faq`, '1', '1', 'G101'],
  );
  const { properties, ...event } = JSON.parse(first.find(({ body }) => body).body);
  assert.deepEqual([event.api_key, event.event], ['phc_a1B2', '$pageview']);
  assert.deepEqual([properties.$current_url, properties.$ip], [`${server.url}/fr/faq`, null]);

  const { expires, httpOnly } = (await context.cookies()).find(({ name }) => name === 'ai3dgen_consent');
  assert.ok(httpOnly && Math.abs(expires - Date.now() / 1000 - 182 * 86_400) < 60, 'kept for half a year');

  const kept = () => page.evaluate(() => Object.keys({ ...localStorage, ...sessionStorage }));
  await go('/fr/cookies');
  await page.getByText('Vous avez accepté.').waitFor();
  assert.deepEqual(await kept(), ['visitor']);
  const revoked = await told(async () => {
    await page.getByRole('main').getByRole('button', { name: 'Refuser' }).click();
    await page.getByText('Vous avez refusé.').waitFor();
  });
  assert.deepEqual(revoked, []);
  assert.deepEqual(await kept(), [], 'the name it was counted under is gone');
  assert.deepEqual(await go('/fr/faq'), []);
  assert.deepEqual(complaints, []);
});

test('a job is never told of, even to those who count everything else', async (t) => {
  const { page, complaints, server, told, counted } = await scene(t);
  await page.goto(server.url);
  await page.getByRole('button', { name: 'Accept' }).click();
  await counted();
  const heard = await told(async () => {
    await page.setInputFiles('#picture', { name: 'a.png', mimeType: 'image/png', buffer: vase(256) });
    await page.locator('[data-viewer-state=ready]').waitFor({ timeout: 60_000 });
    await page.goto(page.url());
    await page.goto(`${server.url}/edit`);
    await page.goto(`${server.url}/batch`);
  });
  assert.deepEqual(heard, []);
  assert.deepEqual(complaints, []);
});

test('the choice needs no script, and a browser that signals a no is not asked', async (t) => {
  const { page, server, told } = await scene(t, { javaScriptEnabled: false });
  await page.goto(`${server.url}/ru/features`);
  await page.getByRole('button', { name: 'Отклонить' }).click();
  assert.equal(new URL(page.url()).pathname, '/ru/features');
  assert.equal(await page.locator('.consent').count(), 0);
  const quiet = await scene(t, { extraHTTPHeaders: { 'sec-gpc': '1' } });
  await quiet.page.goto(`${quiet.server.url}/cookies`);
  assert.equal(await quiet.page.locator('.consent').count(), 0);
  await quiet.page.getByText('That is a no: nothing is counted.').waitFor();
});

test('the banner fits every language and a small screen', async (t) => {
  for (const colorScheme of ['light', 'dark']) {
    const { page, server } = await scene(t, { viewport: { width: 360, height: 740 }, colorScheme });
    for (const tag of Object.keys(LANGUAGES)) {
      await page.goto(server.url + at(tag, '/'));
      const { height } = await page.locator('.consent').boundingBox();
      assert.ok(height <= 740 / 3, `${tag}: ${height} px`);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 360, tag);
    }
    await screenshot(page, `consent-${colorScheme}`, { fullPage: false });
    await page.goto(`${server.url}/cookies`);
    await screenshot(page, `consent-settings-${colorScheme}`);
  }
});
