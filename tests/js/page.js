// A page for the package's scripts, and models as in Jupyter: Backbone's, which report changes.
import Backbone from "backbone";
import { JSDOM, VirtualConsole } from "jsdom";

/**
 * Open an empty page with its names as globals, as in a browser.
 * @param {string} [url] its address
 */
export function openPage(url) {
  const { window } = new JSDOM("<!DOCTYPE html><body></body>", {
    url,
    pretendToBeVisual: true,
    // otherwise each chart warns that jsdom has no canvas, on which text is measured
    virtualConsole: new VirtualConsole(),
  });
  const { document, HTMLElement, Event, KeyboardEvent, MutationObserver } = window;
  // jsdom has no CSS.escape; the tests only need it for quotes and backslashes.
  const CSS = { escape: (/** @type {string} */ text) => text.replace(/["\\]/g, "\\$&") };
  Object.assign(globalThis, { window, document, HTMLElement, Event, KeyboardEvent, MutationObserver, CSS });
  return window;
}

/** A widget's model: `sent` holds the browser's messages, `saved` the states that it saves. */
export class Model extends Backbone.Model {
  /** @type {any[]} */
  sent = [];
  /** @type {Record<string, any>[]} */
  saved = [];

  /** @param {any} content */
  send(content) {
    this.sent.push(content);
  }

  save_changes() {
    this.saved.push({ ...this.changed });
  }
}

/**
 * Draw a widget on the page.
 * @param {{ render(view: { model: any, el: HTMLElement }): () => void }} widget
 * @param {Record<string, any>} state
 * @param {(id: string) => Promise<any>} [get_model] returns another model by its id
 */
export function show(widget, state, get_model) {
  const model = Object.assign(new Model(state), { widget_manager: { get_model } });
  const el = document.body.appendChild(document.createElement("div"));
  const remove = widget.render({ model, el });
  return { model, el, remove };
}

/**
 * The one element of `el` that the selector finds.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {Element} el
 * @param {string} selector
 */
export function find(el, selector) {
  const [found, ...more] = el.querySelectorAll(selector);
  if (!found || more.length) throw new Error(`${more.length + (found ? 1 : 0)} elements are ${selector}`);
  return /** @type {T} */ (found);
}

/** @param {Iterable<Element>} elements */
export const texts = (elements) => [...elements].map(({ textContent }) => textContent.replaceAll("\u00a0", " "));
