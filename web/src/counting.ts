// Counts one visit of one public page, after its visitor agreed. The page names what is told, so that nothing else is:
// no address but its own, no clicks, no texts. No script of another server runs here.

import { VISITOR } from './remember.ts';

interface Counting {
  page: string;
  title: string;
  language: string;
  analytics: { ga4: string | null; posthog: { key: string; host: string } | null };
}

/** Tells those who count. That it doesn't reach them is nobody's trouble. */
export function count(counting: Counting): void {
  const visitor = sessionStorage.getItem(VISITOR) ?? `${random()}.${random()}`;
  sessionStorage.setItem(VISITOR, visitor);
  const { ga4, posthog } = counting.analytics;
  if (ga4) send(`https://www.google-analytics.com/g/collect?${ga4Parameters(ga4, visitor, counting)}`);
  if (posthog) send(`${posthog.host}/i/v0/e/`, JSON.stringify(posthogEvent(posthog.key, visitor, counting)));
}

/** A page view of GA4's version 2: address not kept (`aip`), nothing for advertising (`npa`; `gcs`: only statistics granted). */
function ga4Parameters(id: string, visitor: string, { page, title, language }: Counting): URLSearchParams {
  const [session = ''] = visitor.split('.');
  return new URLSearchParams({
    v: '2', tid: id, cid: visitor, sid: session, en: 'page_view', dl: page, dt: title, ul: language,
    aip: '1', npa: '1', gcs: 'G101',
  });
}

/** A page view without a person and without an address. */
function posthogEvent(key: string, visitor: string, { page, title }: Counting): object {
  return {
    api_key: key,
    event: '$pageview',
    distinct_id: visitor,
    properties: { $current_url: page, title, $ip: null, $geoip_disable: true, $process_person_profile: false },
  };
}

function send(url: string, body?: string): void {
  const quiet = { mode: 'no-cors', credentials: 'omit', referrerPolicy: 'no-referrer', keepalive: true } as const;
  fetch(url, { method: 'POST', ...quiet, ...(body !== undefined && { body }) }).catch(() => undefined);
}

function random(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
