// The pages in six languages, on a small and a large screen, in light and dark.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage, screenshot, serve } from './harness.mjs';
import { LANGUAGES, PAGES } from './pages.mjs';

/** What people look at, in out/. */
const PICTURED = ['/', '/pro', '/faq', '/blog'];
const SCREENS = [
  { name: 'phone-dark', viewport: { width: 360, height: 740 }, colorScheme: 'dark', hasTouch: true },
  { name: 'wide-light', viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
];

for (const { name, ...options } of SCREENS) {
  test(`every language fits a ${name} screen and is a click away`, async (t) => {
    const server = await serve(t);
    const { page, complaints, requests } = await openPage(t, options);
    for (const part of PAGES) {
      await page.goto(server.url + part);
      for (const [tag, own] of Object.entries(LANGUAGES)) {
        await page.getByRole('contentinfo').getByRole('link', { name: own, exact: true }).click();
        await page.locator(`html[lang=${tag}]`).waitFor();
        const overhang = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overhang <= 0, `${tag} ${part} sticks out by ${overhang} px`);
        const current = page.getByRole('contentinfo').locator('[hreflang][aria-current=page]');
        assert.equal(await current.textContent(), own);
        if (PICTURED.includes(part)) await screenshot(page, `${name}-${tag}-${part.slice(1) || 'home'}`);
      }
    }
    assert.deepEqual(complaints, []);
    assert.ok(requests.every((url) => url.startsWith(server.url)), 'nothing comes from anywhere else');
  });
}
