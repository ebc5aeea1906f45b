// The pages in six languages, on a small and a large screen, in light and dark.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage, screenshot, serve } from './harness.mjs';
import { LANGUAGES, PAGES, at } from './pages.mjs';

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

/** Runs in the page, whose XML reader forgives nothing: what a feed says to a program that follows it. */
async function readFeed(address) {
  const reply = await fetch(address);
  const xml = new DOMParser().parseFromString(await reply.text(), 'text/xml');
  const said = (from, name) => from.querySelector(`:scope > ${name}`)?.textContent ?? '';
  const channel = xml.querySelector('rss[version="2.0"] > channel');
  return {
    broken: xml.querySelector('parsererror')?.textContent,
    kind: reply.headers.get('content-type'),
    itself: xml.getElementsByTagNameNS('http://www.w3.org/2005/Atom', 'link')[0]?.getAttribute('href'),
    channel: Object.fromEntries(['title', 'link', 'description', 'language'].map((name) => [name, said(channel, name)])),
    items: [...channel.querySelectorAll(':scope > item')].map((item) =>
      Object.fromEntries(['title', 'link', 'guid', 'pubDate', 'description'].map((name) => [name, said(item, name)]))),
  };
}

test('the blog can be followed in each language by a program that reads feeds', async (t) => {
  const server = await serve(t);
  const { page, complaints } = await openPage(t);
  for (const tag of Object.keys(LANGUAGES)) {
    await page.goto(server.url + at(tag, '/blog'));
    const named = await page.locator('link[type="application/rss+xml"]').getAttribute('href');
    const { broken, kind, itself, channel, items } = await page.evaluate(readFeed, named);
    assert.equal(broken, undefined, tag);
    assert.equal(kind, 'application/rss+xml');
    assert.equal(itself, server.url + named);
    assert.equal(channel.language, tag);
    assert.equal(channel.link, server.url + at(tag, '/blog'));
    const posts = PAGES.filter((one) => one.startsWith('/blog/')).map((one) => server.url + at(tag, one));
    assert.deepEqual(items.map(({ link }) => link).sort(), posts.sort());
    for (const one of items) {
      assert.equal(one.guid, one.link, 'what it is known by is where it is');
      assert.equal(new Date(one.pubDate).toUTCString().slice(5), one.pubDate, 'a date of RFC 822');
      await page.goto(one.link);
      await page.locator(`html[lang=${tag}]`).waitFor();
      assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), one.title);
      assert.equal(await page.locator('meta[name=description]').getAttribute('content'), one.description);
    }
    for (const text of [channel.title, channel.description]) assert.ok(text.length > 10, text);
  }
  assert.deepEqual(complaints, []);
});

test('the map has every page in every language, and each names all others as they name it', async (t) => {
  const server = await serve(t);
  const { page } = await openPage(t);
  await page.goto(server.url);
  const { broken, map, named } = await page.evaluate(async () => {
    const XHTML = 'http://www.w3.org/1999/xhtml';
    const read = async (address, type) => {
      const reply = await fetch(address, { headers: { accept: type } });
      return new DOMParser().parseFromString(await reply.text(), type);
    };
    const others = (links) => Object.fromEntries(links.map((link) => [link.getAttribute('hreflang'), link.getAttribute('href')]));
    const xml = await read('/sitemap.xml', 'text/xml');
    const [map, named] = [{}, {}];
    for (const url of xml.querySelectorAll('urlset > url')) {
      const place = url.querySelector('loc').textContent;
      map[place] = others([...url.getElementsByTagNameNS(XHTML, 'link')]);
      const html = await read(place, 'text/html');
      named[place] = others([...html.querySelectorAll('link[rel=alternate][hreflang]')]);
    }
    return { broken: xml.querySelector('parsererror')?.textContent, map, named };
  });
  assert.equal(broken, undefined);
  const tags = Object.keys(LANGUAGES);
  const all = PAGES.flatMap((part) => tags.map((tag) => new URL(at(tag, part), server.url).href));
  assert.deepEqual(Object.keys(map).map((place) => new URL(place).href).sort(), all.sort());
  for (const [place, others] of Object.entries(named)) {
    assert.deepEqual(others, map[place], `${place} and the map say the same`);
    assert.deepEqual(Object.keys(others).sort(), [...tags, 'x-default'].sort());
    assert.equal(others['x-default'], others['en']);
    assert.ok(Object.values(others).includes(place), `${place} names itself`);
    for (const other of Object.values(others)) assert.deepEqual(named[other], others, `${other} answers ${place}`);
  }
});
