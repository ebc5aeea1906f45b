/** Puts a slider beside every number that has two ends. The number stays for the keyboard and for those who listen. */
export function addSliders(form: HTMLFormElement): void {
  for (const number of form.querySelectorAll<HTMLInputElement>('.field > input[type=number][min][max]')) {
    const slider = document.createElement('input');
    Object.assign(slider, { type: 'range', min: number.min, max: number.max, step: number.step, value: number.value, tabIndex: -1 });
    slider.setAttribute('aria-hidden', 'true');
    number.before(slider);
    for (const event of ['input', 'restored']) number.addEventListener(event, () => (slider.value = number.value));
    // Its own events go on to the form, after the number has changed.
    slider.addEventListener('input', () => (number.value = slider.value));
  }
}
