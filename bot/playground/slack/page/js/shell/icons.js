// The page's own line icons.

import { h } from "../vdom.js";

const PATHS = {
  chevron: "M6 8l4 4 4-4",
  check: "M4 10.5l4 4 8-9",
  close: "M5 5l10 10M15 5L5 15",
  back: "M12 4l-6 6 6 6",
  more: "M10 4.5v.01M10 10v.01M10 15.5v.01",
  menu: "M3 5h14M3 10h14M3 15h14",
  plus: "M10 4v12M4 10h12",
  people:
    "M7 4.2a2.8 2.8 0 100 5.6 2.8 2.8 0 000-5.6zM1.8 16.5c0-2.9 2.3-4.7 5.2-4.7s5.2 1.8 5.2 4.7M13 4.4a2.7 2.7 0 010 5.2M14.6 12.1c2.1.6 3.6 2.1 3.6 4.4",
  warning: "M10 3L1.8 17h16.4L10 3zM10 8v4M10 14.6v.01",
  info: "M10 2.5a7.5 7.5 0 100 15 7.5 7.5 0 000-15zM10 9v5M10 6v.01",
  send: "M3 3.5l14 6.5-14 6.5 2.2-6.5L3 3.5zM5.2 10H10",
  reply:
    "M3 5.5A2.5 2.5 0 015.5 3h9A2.5 2.5 0 0117 5.5v6a2.5 2.5 0 01-2.5 2.5H9l-4 3.2V14A2.3 2.3 0 013 11.7z",
  steps: "M3 5.5l1.5 1.5L7 4M3 12.5L4.5 14 7 11M10 6h7M10 13h7",
  eye: "M1.8 10S4.8 4.5 10 4.5 18.2 10 18.2 10 15.2 15.5 10 15.5 1.8 10 1.8 10zM10 7.7a2.3 2.3 0 100 4.6 2.3 2.3 0 000-4.6z",
  sun: "M10 6.5a3.5 3.5 0 100 7 3.5 3.5 0 000-7zM10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4M14.6 14.6L16 16M4 16l1.4-1.4M14.6 5.4L16 4",
  moon: "M16.5 12A7 7 0 018 3.5 7 7 0 1016.5 12z",
  panel: "M3 4h14v12H3zM12 4v12",
  open: "M8 4H4v12h12v-4M11 4h5v5M16 4l-7 7",
  reload: "M16 10a6 6 0 11-1.8-4.3M16 3v4h-4",
  file: "M5 2.5h7l3.5 3.5v11.5H5zM12 2.5V6h3.5",
  home: "M3 9.5L10 3l7 6.5V17h-4.5v-4.5h-5V17H3z",
  down: "M10 4v12M5 11l5 5 5-5",
};

/** A button that shows only an icon; `label` is its name. */
export function iconButton(name, label, onClick, look = "") {
  const props = {
    type: "button",
    class: `icon-button ${look}`.trim(),
    "aria-label": label,
    title: label,
    onClick,
  };
  return h("button", props, icon(name));
}

/** An icon that only decorates; the control around it carries the name. */
export function icon(name) {
  return h(
    "svg",
    { class: `icon icon-${name}`, viewBox: "0 0 20 20", "aria-hidden": true, focusable: "false" },
    h("path", { d: PATHS[name] }),
  );
}
