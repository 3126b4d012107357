/** Small choices that belong to this device: theme, language, notices. A browser may refuse storage (private windows,
 *  blocked cookies); then a choice lives as long as the page. */
const here = new Map<string, string>();

export const remembered = (key: string): string | undefined => {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return here.get(key);
  }
};

export const remember = (key: string, value: string): void => {
  here.set(key, value);
  try {
    localStorage.setItem(key, value);
  } catch {
    // refused or full: the page's own copy serves
  }
};

export const forget = (key: string): void => {
  here.delete(key);
  try {
    localStorage.removeItem(key);
  } catch {
    // nothing was kept there
  }
};
