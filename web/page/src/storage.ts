// What stays in the browser: language, theme and settings, and never a message.

type Key = "lang" | "theme" | "settings";

/** What a browser that keeps nothing would not tell again: it holds until the page is closed. */
const held = new Map<Key, string | null>();

const name = (key: Key) => `santun.${key}`;

export function recall(key: Key): string | null {
  const own = held.get(key);
  if (own !== undefined) {
    return own;
  }
  try {
    return localStorage.getItem(name(key));
  } catch {
    return null;
  }
}

export function remember(key: Key, value: string | null): void {
  held.set(key, value);
  try {
    if (value === null) {
      localStorage.removeItem(name(key));
    } else {
      localStorage.setItem(name(key), value);
    }
  } catch {
    // It is held above.
  }
}
