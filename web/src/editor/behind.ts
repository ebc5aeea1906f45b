/**
 * What the form puts behind the object, behind the sheet's clear parts: a colour, or a picture that covers it from the
 * middle, as `imaging/src/cutout.rs` does. It shows where the picture is clear, so an opaque one hides it until its
 * background was removed.
 */
export class Behind {
  readonly #sheet: HTMLElement;
  #file: File | undefined;
  #address = '';

  constructor(sheet: HTMLElement) {
    this.#sheet = sheet;
  }

  /** As the form has it; `shown`: not while the picture is seen as it was. */
  show(form: HTMLFormElement, shown: boolean): void {
    const field = (name: string): HTMLInputElement | null => form.querySelector(`[name=${name}]`);
    this.#take(shown ? field('background')?.files?.[0] : undefined);
    const chosen = shown && new FormData(form).get('backdrop') === 'colour';
    const colour = chosen ? field('colour')!.value : '';
    this.#sheet.style.background = this.#address ? `url("${this.#address}") center / cover` : colour;
  }

  /** Lets go of the picture. */
  stop(): void {
    this.#take(undefined);
  }

  #take(file: File | undefined): void {
    if (file === this.#file) return;
    if (this.#address) URL.revokeObjectURL(this.#address);
    this.#file = file;
    this.#address = file ? URL.createObjectURL(file) : '';
  }
}
