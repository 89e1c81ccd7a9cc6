// A small virtual DOM: describes nodes as data and patches the page in place, so that
// focus, scroll positions and typed text survive every new snapshot.

const SVG_NS = "http://www.w3.org/2000/svg";
const SVG_TAGS = new Set(["svg", "path", "circle"]);
const LIVE_PROPERTIES = new Set(["value", "checked", "disabled", "hidden"]);
const NOT_ATTRIBUTES = new Set(["key", "onMount", "onPatch"]);

/**
 * Describes an element.
 * `key` pairs it with its earlier self among its siblings; `onMount(el)` runs once when it is
 * in the page and `onPatch(el)` after each later render.
 */
export function h(tag, props, ...children) {
  const own = props || {};
  return { tag, key: own.key, props: own, children: describeChildren(children), el: null };
}

/** An element that `draw()` describes, drawn again only when one of `deps` is another. */
export function lazy(key, deps, draw) {
  return { tag: "#lazy", key, deps, draw, drawn: null, el: null };
}

function describeChildren(children) {
  const kids = [];
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    kids.push(typeof child === "object" ? child : { text: String(child), el: null });
  }
  return kids;
}

/** Makes `root`'s content equal to `vnodes`; keep the returned list for the next call. */
export function render(root, previous, vnodes) {
  const hooks = [];
  const next = describeChildren([vnodes]);
  if (!previous) root.replaceChildren();
  patchChildren(root, previous || [], next, hooks);
  for (const hook of hooks) hook();
  return next;
}

function create(vnode, hooks) {
  if (vnode.text !== undefined) {
    vnode.el = document.createTextNode(vnode.text);
  } else if (vnode.draw) {
    vnode.drawn = vnode.draw();
    create(vnode.drawn, hooks);
    vnode.el = vnode.drawn.el;
  } else {
    createElement(vnode, hooks);
  }
}

function createElement(vnode, hooks) {
  vnode.el = SVG_TAGS.has(vnode.tag)
    ? document.createElementNS(SVG_NS, vnode.tag)
    : document.createElement(vnode.tag);
  patchChildren(vnode.el, [], vnode.children, hooks);
  patchProps(vnode.el, {}, vnode.props);
  if (vnode.props.onMount) hooks.push(() => vnode.props.onMount(vnode.el));
}

function patch(before, after, hooks) {
  after.el = before.el;
  if (after.text !== undefined) {
    if (before.text !== after.text) after.el.data = after.text;
    return;
  }
  if (after.draw) {
    patchLazy(before, after, hooks);
    return;
  }
  patchChildren(after.el, before.children, after.children, hooks);
  patchProps(after.el, before.props, after.props);
  if (after.props.onPatch) hooks.push(() => after.props.onPatch(after.el));
}

function patchLazy(before, after, hooks) {
  if (after.deps.every((dep, i) => dep === before.deps[i])) {
    after.drawn = before.drawn;
    return;
  }
  after.drawn = after.draw();
  patch(before.drawn, after.drawn, hooks);
}

function patchChildren(parent, before, after, hooks) {
  const spare = sortByIdentity(before);
  for (const vnode of after) {
    const match = spare.get(identity(vnode))?.shift();
    if (match) patch(match, vnode, hooks);
    else create(vnode, hooks);
  }
  for (const left of spare.values()) for (const vnode of left) vnode.el.remove();
  placeInOrder(parent, after);
}

// Without a key, the first class tells siblings apart: one that comes or goes must not take
// its neighbour's node, or that neighbour would lose its focus.
function identity(vnode) {
  if (vnode.text !== undefined) return "#text";
  if (vnode.key !== undefined) return `${vnode.tag}|${vnode.key}`;
  return `${vnode.tag}.${(vnode.props.class || "").split(" ", 1)[0]}`;
}

function sortByIdentity(vnodes) {
  const spare = new Map();
  for (const vnode of vnodes) {
    const id = identity(vnode);
    if (spare.has(id)) spare.get(id).push(vnode);
    else spare.set(id, [vnode]);
  }
  return spare;
}

function placeInOrder(parent, vnodes) {
  let cursor = parent.firstChild;
  for (const { el } of vnodes) {
    if (el === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(el, cursor);
  }
}

function patchProps(el, before, after) {
  for (const name of Object.keys(before)) {
    if (!(name in after)) setProp(el, name, null, before[name]);
  }
  for (const [name, value] of Object.entries(after)) setProp(el, name, value, before[name]);
}

function setProp(el, name, value, before) {
  if (NOT_ATTRIBUTES.has(name)) return;
  if (LIVE_PROPERTIES.has(name)) setLive(el, name, value);
  else if (value === before) return;
  else if (name.startsWith("on")) listen(el, name.toLowerCase(), value);
  else if (name === "style") setStyle(el, value || {}, before || {});
  else setAttribute(el, name, value);
}

// A handler in a property that returns false would cancel the event, so nothing is returned.
function listen(el, name, handler) {
  el[name] = handler ? (event) => void handler(event) : null;
}

function setLive(el, name, value) {
  const wanted = name === "value" ? (value ?? "") : Boolean(value);
  if (el[name] !== wanted) el[name] = wanted;
}

function setStyle(el, after, before) {
  for (const name of Object.keys(before)) if (!(name in after)) el.style.removeProperty(name);
  for (const [name, value] of Object.entries(after)) el.style.setProperty(name, value);
}

function setAttribute(el, name, value) {
  const spoken = name.startsWith("aria-") || name === "draggable";
  if (value === null || value === undefined || (value === false && !spoken)) el.removeAttribute(name);
  else el.setAttribute(name, value === true && !spoken ? "" : String(value));
}
