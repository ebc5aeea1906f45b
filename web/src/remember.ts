// What the next picture of this tab begins with. A word about no one; closing the tab forgets it.

const TIER = 'tier';

/** The tier chosen last, or an empty text. */
export function rememberedTier(): string {
  try {
    return sessionStorage.getItem(TIER) ?? '';
  } catch {
    // Storage is switched off in this browser.
    return '';
  }
}

export function rememberTier(name: string): void {
  try {
    sessionStorage.setItem(TIER, name);
  } catch {
    // Then it is chosen anew each time.
  }
}

/** Where the random name that a tab is counted under is kept until it is closed, or its visitor takes the yes back. */
export const VISITOR = 'visitor';
