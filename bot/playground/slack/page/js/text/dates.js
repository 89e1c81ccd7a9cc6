// Times as Slack writes them, in this browser's own zone.

const DAY = 24 * 60 * 60 * 1000;
const LONG = { weekday: "long", month: "long", day: "numeric", year: "numeric" };
const FORMATS = {
  date_num: (when) => [when.getFullYear(), two(when.getMonth() + 1), two(when.getDate())].join("-"),
  date: (when) => when.toLocaleDateString("en-GB", { month: "long", day: "numeric", year: "numeric" }),
  date_short: (when) => when.toLocaleDateString("en-GB", { month: "short", day: "numeric", year: "numeric" }),
  date_long: (when) => when.toLocaleDateString("en-GB", LONG),
  date_pretty: (when) => nearDay(when)?.toLowerCase() || FORMATS.date(when),
  date_short_pretty: (when) => nearDay(when)?.toLowerCase() || FORMATS.date_short(when),
  date_long_pretty: (when) => nearDay(when)?.toLowerCase() || FORMATS.date_long(when),
  time: (when) => clockTime(when),
  time_secs: (when) => when.toLocaleTimeString("en-GB"),
  ago: (when) => timeAgo(when),
};

/** A message's time from its ts. */
export function momentOf(ts) {
  return new Date(Number(ts) * 1000);
}

/** Hours and minutes. */
export function clockTime(when) {
  return when.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

/** The title of a day between messages. */
export function dayTitle(when) {
  return (
    nearDay(when) || when.toLocaleDateString("en-GB", { weekday: "long", month: "long", day: "numeric" })
  );
}

/** Day and time in full, for tooltips. */
export function fullMoment(when) {
  return `${when.toLocaleDateString("en-GB", LONG)} at ${when.toLocaleTimeString("en-GB")}`;
}

/** Fills a `<!date^…>` template such as `{date_short} at {time}`. */
export function formatDate(seconds, template) {
  const when = new Date(Number(seconds) * 1000);
  return template.replace(/\{(\w+)\}/g, (whole, name) => (FORMATS[name] ? FORMATS[name](when) : whole));
}

function nearDay(when) {
  const midnight = new Date().setHours(0, 0, 0, 0);
  const days = Math.round((new Date(when).setHours(0, 0, 0, 0) - midnight) / DAY);
  return { 0: "Today", "-1": "Yesterday", 1: "Tomorrow" }[days];
}

function timeAgo(when) {
  const seconds = (when - Date.now()) / 1000;
  const [unit, size] = [
    ["day", 86400],
    ["hour", 3600],
    ["minute", 60],
  ].find(([, s]) => Math.abs(seconds) >= s) || ["second", 1];
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

function two(number) {
  return String(number).padStart(2, "0");
}
