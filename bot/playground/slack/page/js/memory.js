// What this browser remembers between visits; one that refuses storage only forgets.

/** Reads a preference, or null; `kind` is "local" for good or "session" for this tab. */
export function recall(name, kind = "local") {
  try {
    return window[`${kind}Storage`].getItem(name);
  } catch {
    return null;
  }
}

/** Keeps a preference. */
export function remember(name, value, kind = "local") {
  try {
    window[`${kind}Storage`].setItem(name, value);
  } catch {
    // Some private windows have no storage: the preference lasts until the tab closes.
  }
}
