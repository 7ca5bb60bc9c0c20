// @ts-check
// A table of classes whose cells can be chosen. All texts are set as text, never as markup.

/** @import { AnyModel } from "@anywidget/types" */
/**
 * The traits that `class_table.py` synchronizes.
 * @typedef {{
 *   caption: string, rows: string[][], columns: string[][], cells: Record<string, string[]>, none: string,
 *   chosen: string,
 * }} State
 */

/** @param {{ model: AnyModel<State>, el: HTMLElement }} view */
function render({ model, el }) {
  /** @type {(tag: string, role: string, parent: Element, text?: string) => HTMLElement} */
  const put = (tag, role, parent, text = "") => {
    const node = parent.appendChild(document.createElement(tag));
    if (role) node.setAttribute("role", role);
    node.textContent = text;
    return node;
  };
  /** @type {(parent: Element, role: string, texts: string[]) => void} */
  const head = (parent, role, [name, meaning]) => {
    const node = put("th", role, parent, name);
    node.setAttribute("scope", role === "columnheader" ? "col" : "row");
    put("span", "", node, ` ${meaning}`);
  };
  /** @type {(parent: Element, row: string[], column: string[]) => void} */
  const cell = (parent, row, column) => {
    const key = row[0] + column[0];
    const node = put("td", "cell", parent);
    node.dataset.label = `${row[1]}; ${column[1]}`;
    const [products, ...more] = model.get("cells")[key] ?? [];
    if (products === undefined) {
      put("span", "", node, `${key}: ${model.get("none")}`);
      return;
    }
    const chosen = model.get("chosen") === key;
    if (chosen) node.className = "sw-chosen";
    const button = /** @type {HTMLButtonElement} */ (put("button", "", node, `${key}: ${products}`));
    button.type = "button";
    button.dataset.id = key;
    button.setAttribute("aria-pressed", String(chosen));
    button.addEventListener("click", () => {
      model.set("chosen", chosen ? "" : key);
      model.save_changes();
    });
    for (const text of more) put("span", "", node, text);
  };

  const draw = () => {
    const active = document.activeElement;
    const focused = active instanceof HTMLElement && el.contains(active) ? active.dataset.id : undefined;
    // On a phone each class looks like a card: the roles keep it a table for screen readers.
    const table = document.createElement("table");
    table.className = "sw-table sw-classes";
    table.setAttribute("role", "table");
    put("caption", "", table, model.get("caption"));
    const heads = put("tr", "row", put("thead", "rowgroup", table));
    put("td", "cell", heads);
    for (const column of model.get("columns")) head(heads, "columnheader", column);
    const body = put("tbody", "rowgroup", table);
    for (const row of model.get("rows")) {
      const line = put("tr", "row", body);
      head(line, "rowheader", row);
      for (const column of model.get("columns")) cell(line, row, column);
    }
    el.replaceChildren(table);
    // A button that is drawn again must keep the keyboard's focus.
    /** @type {HTMLElement | null} */
    const again = focused ? el.querySelector(`[data-id="${CSS.escape(focused)}"]`) : null;
    again?.focus();
  };

  el.classList.add("sw-class-table");
  draw();
  model.on("change", draw);
  return () => model.off("change", draw);
}

export default { render };
