/** What drafts need of the browser's storage. */
export type TextStorage = Pick<Storage, "length" | "key" | "getItem" | "setItem" | "removeItem">;

/** The browser's own; where it refuses even to be asked (blocked cookies), one that lives as long as the page. */
export function pageStorage(): TextStorage {
  try {
    localStorage.getItem(""); // some refuse only when it is used
    return localStorage;
  } catch {
    return new PageStorage();
  }
}

class PageStorage implements TextStorage {
  private readonly texts = new Map<string, string>();

  get length(): number {
    return this.texts.size;
  }

  key(index: number): string | null {
    return [...this.texts.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.texts.get(key) ?? null;
  }

  setItem(key: string, text: string): void {
    this.texts.set(key, text);
  }

  removeItem(key: string): void {
    this.texts.delete(key);
  }
}
