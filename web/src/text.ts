// What scripts say, in the page's language. The server puts its messages into every page
// (locales/*/scripts.ftl), so there is no second catalogue.

let texts: Record<string, string> | undefined;

/** The message, with values in place of its `{name}`s; its id if the page has none. */
export function text(id: string, values: Record<string, string | number> = {}): string {
  texts ??= JSON.parse(document.getElementById('texts')?.textContent || '{}') as Record<string, string>;
  return fill(texts[id] ?? id, values);
}

export function fill(template: string, values: Record<string, string | number>): string {
  return template.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}
