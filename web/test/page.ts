// As much of a page as these tests need: its language, and the texts that the server puts in.
import { readFileSync } from 'node:fs';

const messages = readFileSync(new URL('../../locales/en/scripts.ftl', import.meta.url), 'utf8');
const texts = Object.fromEntries(
  [...messages.matchAll(/^([\w-]+) = (.*)$/gm)].map(([, id, text]) => [id, text!.replace(/\{ \$(\w+) \}/g, '{$1}')]),
);

Object.assign(globalThis, {
  document: {
    documentElement: { lang: 'en' },
    getElementById: (id: string) => (id === 'texts' ? { textContent: JSON.stringify(texts) } : null),
  },
});
