// Makes a snapshot cheap to draw: what did not change stays the very same object.

/** Completes a fresh snapshot with what `earlier`, the one before it, already had. */
export function settleSnapshot(fresh, earlier) {
  fresh.names = namesIn(fresh);
  for (const [channel, messages] of Object.entries(fresh.messages)) {
    fresh.messages[channel] = reuseMessages(messages, earlier?.messages[channel] || []);
  }
  return fresh;
}

// Everything from the snapshot that a message may show besides itself.
function namesIn({ me, users, channels }) {
  return JSON.stringify([me.id, users, channels.map(({ id, name }) => [id, name])]);
}

function reuseMessages(messages, earlier) {
  const known = new Map(earlier.map((message) => [message.ts, message]));
  return messages.map((message) => {
    const before = known.get(message.ts);
    return before && JSON.stringify(before) === JSON.stringify(message) ? before : message;
  });
}
