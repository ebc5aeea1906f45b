// What a form is set to, as one text that can be kept and brought back.

/** Fields that say how long things are kept, which no picture's history knows. */
const KEEPING = ['lifetime', 'delete_after_download'];

/** All but files. */
export function settingsOf(form: HTMLFormElement): string {
  const words = [...new FormData(form)].filter(([name, value]) => typeof value === 'string' && !KEEPING.includes(name));
  return new URLSearchParams(words as [string, string][]).toString();
}

/** Sets the form to that; what it doesn't name gets what it began with. */
export function restore(form: HTMLFormElement, settings: string): void {
  const words = new URLSearchParams(settings);
  for (const field of form.elements) {
    if (field instanceof HTMLSelectElement && !KEEPING.includes(field.name)) {
      field.value = words.get(field.name) ?? field.options[0]!.value;
    } else if (field instanceof HTMLInputElement && field.type !== 'file' && !KEEPING.includes(field.name)) {
      const word = words.get(field.name);
      if (field.type === 'checkbox') field.checked = word === field.value;
      else if (field.type === 'radio') field.checked = word === null ? field.defaultChecked : word === field.value;
      else field.value = word ?? field.defaultValue;
      field.dispatchEvent(new Event('restored'));
    }
  }
}
