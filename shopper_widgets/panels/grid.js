// @ts-check
// A sortable, paged table. Python sorts and selects the rows; each cell is set as text, never as markup.

/** @import { AnyModel } from "@anywidget/types" */
/** @typedef {{ name: string, label: string, css: string }} Column */
/**
 * The traits that `grid.py` synchronizes.
 * @typedef {{
 *   caption: string, columns: Column[], rows: string[][], keys_shown: string[], total: number,
 *   in_file: number | null,
 *   page_size: number, sortable: boolean, sort_by: string, descending: boolean, page: number,
 *   chosen: string, empty: string, message: string, filename: string, excel: boolean, what: string,
 *   words: Partial<Words>,
 * }} State
 */
/**
 * The table's own words; `grid.py` gives them in languages other than English.
 * @typedef {{ locale: string, back: string, on: string, of: string, making: string, download: string,
 *   sort: string, one: string, several: string }} Words
 */
/** @typedef {AnyModel<State> & { set(changes: Partial<State>): void }} Model */
/** @typedef {Record<string, string | number | boolean | null>} Attributes */

// Longer texts get room for more than one word per line; as in words/html.py.
const LONG = 16;

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} attributes
 * @param {(Node | string)[]} children
 */
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value != null) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

/** @param {{ model: Model, el: HTMLElement }} view */
function render({ model, el }) {
  const what = model.get("what");
  /** @type {Words} */
  const words = {
    locale: "en", back: "Previous", on: "Next", of: "of", making: "Making the file …",
    download: "Download {things} (CSV)", sort: "Sort by:", one: what, several: `${what}s`, ...model.get("words"),
  };
  /** @param {number} n */
  const count = (n) => n.toLocaleString(words.locale);
  /** @param {Partial<State>} changes */
  const tell = (changes) => {
    model.set(changes);
    model.save_changes();
  };
  /** @type {(id: string, text: string, onClick: () => void, attributes?: Attributes) => HTMLButtonElement} */
  const button = (id, text, onClick, attributes = {}) => {
    const node = make("button", { type: "button", "data-id": id, ...attributes }, text);
    node.addEventListener("click", onClick);
    return node;
  };

  /** @param {Column} column */
  const headCell = ({ name, label, css }) => {
    /** @type {Attributes} */
    const attributes = { scope: "col", role: "columnheader", class: css || null };
    if (!model.get("sortable")) return make("th", attributes, label);
    const sorted = model.get("sort_by") === name;
    const descending = model.get("descending");
    if (sorted) attributes["aria-sort"] = descending ? "descending" : "ascending";
    const mark = make("span", { "aria-hidden": "true" }, sorted ? (descending ? "\u00a0▼" : "\u00a0▲") : "\u00a0↕");
    const sort = () => tell({ sort_by: name, descending: sorted ? !descending : css === "sw-number" });
    const node = button(`sort ${name}`, label, sort);
    node.append(mark);
    return make("th", attributes, node);
  };

  /** @type {(cells: string[], index: number) => HTMLElement} */
  const bodyRow = (cells, index) => {
    const columns = model.get("columns");
    const key = model.get("keys_shown")[index];
    const chosen = key !== undefined && key === model.get("chosen");
    const look = (/** @type {string} */ text) => (text.length > LONG ? "sw-long" : null);
    const nodes = cells.map((text, i) => {
      const { css, label } = columns[i];
      return make("td", { role: "cell", class: css || look(text), "data-label": label }, text);
    });
    if (key !== undefined) {
      const choose = () => tell({ chosen: chosen ? "" : key });
      nodes[0].replaceChildren(button(`row ${key}`, cells[0], choose, { "aria-pressed": chosen }));
    }
    return make("tr", { role: "row", class: chosen ? "sw-chosen" : null }, ...nodes);
  };

  const pager = () => {
    const [page, size, total] = [model.get("page"), model.get("page_size"), model.get("total")];
    const first = page * size + 1;
    const last = Math.min(first + size - 1, total);
    const back = button("back", words.back, () => tell({ page: page - 1 }), { disabled: page === 0 ? "" : null });
    const on = button("on", words.on, () => tell({ page: page + 1 }), { disabled: last >= total ? "" : null });
    const where = make("span", { role: "status" }, `${count(first)}–${count(last)} ${words.of} ${count(total)}`);
    return make("div", { class: "sw-pager" }, back, where, on);
  };

  // The file is made on request: a list of a million customers would add 100 MB to the page.
  let making = "";
  /** @param {string} id @param {string} text @param {object} wanted */
  const download = (id, text, wanted) => {
    const ask = () => {
      making = id;
      draw();
      model.send(wanted);
    };
    const attributes = { class: "sw-download", "aria-disabled": making ? true : null };
    return button(id, making === id ? words.making : text, making ? () => {} : ask, attributes);
  };
  const downloads = () => {
    const total = model.get("in_file") ?? model.get("total");
    const things = `${count(total)} ${total === 1 ? words.one : words.several}`;
    const csv = download("download", words.download.replace("{things}", things), {});
    return model.get("excel") ? [csv, download("excel", "Excel (.xlsx)", { kind: "xlsx" })] : [csv];
  };
  /** @type {(content: { filename: string, type?: string }, buffers: DataView<ArrayBuffer>[]) => void} */
  const save = ({ filename, type = "text/csv;charset=utf-8" }, [bytes]) => {
    const url = URL.createObjectURL(new Blob([bytes], { type }));
    make("a", { href: url, download: filename }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    change();
  };

  const draw = () => {
    const active = document.activeElement;
    const focused = active instanceof HTMLElement && el.contains(active) ? active.dataset.id : undefined;
    const scrolled = el.querySelector(".sw-scroll")?.scrollLeft ?? 0;
    const caption = model.get("caption");
    const rows = model.get("rows");
    /** @type {(Node | string)[]} */
    const parts = [];
    const message = model.get("message");
    if (message) parts.push(make("p", { role: "alert" }, message));
    if (rows.length) {
      // On a phone each row looks like a card: the roles keep it a table for screen readers.
      const heads = make("tr", { role: "row", "data-sort": words.sort }, ...model.get("columns").map(headCell));
      const head = make("thead", { role: "rowgroup" }, heads);
      const body = make("tbody", { role: "rowgroup" }, ...rows.map(bodyRow));
      const table = make("table", { class: "sw-table", role: "table" }, make("caption", {}, caption), head, body);
      // Before the rows, so that nobody has to go through a list to download it.
      if (model.get("filename")) parts.push(make("div", { class: "sw-downloads" }, ...downloads()));
      parts.push(make("div", { class: "sw-scroll", role: "region", tabindex: 0, "aria-label": caption }, table));
      if (model.get("total") > model.get("page_size")) parts.push(pager());
    } else {
      parts.push(make("p", { class: "sw-empty", role: "status" }, model.get("empty")));
    }
    el.replaceChildren(...parts);
    const scroll = el.querySelector(".sw-scroll");
    if (scroll) scroll.scrollLeft = scrolled;
    // A button that is drawn again must keep the keyboard's focus.
    /** @type {HTMLElement | null} */
    const again = focused ? el.querySelector(`[data-id="${CSS.escape(focused)}"]:not(:disabled)`) : null;
    again?.focus();
  };

  // Any answer of Python, a file or a message why there is none, ends the wait for a file.
  const change = () => {
    making = "";
    draw();
  };

  el.classList.add("sw-grid");
  draw();
  model.on("change", change);
  model.on("msg:custom", save);
  return () => {
    model.off("change", change);
    model.off("msg:custom", save);
  };
}

export default { render };
