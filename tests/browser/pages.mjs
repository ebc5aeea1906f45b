// Every page that is there in every language.

/** What each language is called on the page, by its tag. */
export const LANGUAGES = { en: 'English', es: 'Español', fr: 'Français', ja: '日本語', pt: 'Português', ru: 'Русский' };

export const PAGES = [
  '/',
  '/free',
  '/base',
  '/pro',
  '/ultra',
  '/batch',
  '/features',
  '/faq',
  '/our-story',
  '/privacy',
  '/terms',
  '/cookies',
  '/status',
  '/blog',
  '/blog/one-picture',
  '/blog/why-an-hour',
  '/contact',
  '/remove-background',
  '/edit',
  '/erase',
];

/** The address of a page in a language. */
export function at(tag, page) {
  const prefix = tag === 'en' ? '' : `/${tag}`;
  return page === '/' && prefix ? prefix : prefix + page;
}
