// The one open menu of the page: where it stands and how it closes.

import { state, update } from "../store.js";
import { h } from "../vdom.js";

const GAP = 4;

/** Opens the menu called `key`; `onClose` runs when it closes, however it does. */
export function openMenu(key, onClose = () => {}) {
  closeMenu();
  update({ menu: { key, query: "", active: 0, groups: null, loading: false, onClose } });
}

/** Closes the open menu, if any, and gives the focus back when `refocus` is true. */
export function closeMenu(refocus = false) {
  const { menu } = state;
  if (!menu) return;
  const trigger = document.querySelector(".menu")?.previousElementSibling;
  update({ menu: null });
  menu.onClose();
  if (refocus) trigger?.focus();
}

/** Whether the menu called `key` is the open one. */
export function isOpen(key) {
  return state.menu?.key === key;
}

/** The floating box of a menu; it belongs right after its trigger. */
export function floating(props, ...children) {
  const options = {
    ...props,
    class: `menu ${props.class || ""}`,
    popover: "manual",
    onMount: show,
    onPatch: place,
    onKeyDown: (event) => handleKeys(event, props.onKeyDown),
  };
  return h("div", options, children);
}

/** Closes the menu when the press was outside it and its trigger. */
export function closeOnPressOutside() {
  document.addEventListener("pointerdown", (event) => {
    if (state.menu && !event.target.closest(".menu-owner")?.querySelector(":scope > .menu")) closeMenu();
  });
  const follow = () => {
    const menu = document.querySelector(".menu");
    if (menu) place(menu);
  };
  window.addEventListener("resize", follow);
  document.addEventListener("scroll", follow, { capture: true, passive: true });
}

function show(el) {
  el.showPopover();
  place(el);
  el.querySelector("input, [role=menuitem], [role=option]")?.focus({ preventScroll: true });
}

function place(el) {
  const trigger = el.previousElementSibling.getBoundingClientRect();
  el.style.minWidth = `${Math.max(trigger.width, 200)}px`;
  const box = el.getBoundingClientRect();
  const below = innerHeight - trigger.bottom - GAP;
  const top =
    below < box.height && trigger.top > below ? trigger.top - box.height - GAP : trigger.bottom + GAP;
  el.style.left = `${Math.max(8, Math.min(trigger.left, innerWidth - box.width - 8))}px`;
  el.style.top = `${Math.max(8, top)}px`;
}

function handleKeys(event, own) {
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    closeMenu(true);
  } else if (event.key === "Tab") {
    closeMenu(true);
  } else {
    own?.(event);
  }
}
