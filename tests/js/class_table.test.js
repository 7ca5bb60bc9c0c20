import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import table from "../../shopper_widgets/panels/class_table.js";
import { find, openPage, show, texts } from "./page.js";

const STATE = {
  caption: "Classes <b>",
  rows: [["A", "first"], ["B", "next"], ["C", "last"]],
  columns: [["X", "regular"], ["Y", "bursts"], ["Z", "both"]],
  cells: { AX: ["2 products", "90 % of revenue", "<i>Act."], CZ: ["1 product", "1 % of revenue", "Wait."] },
  none: "no product",
  chosen: "",
};

beforeEach(() => openPage());

test("each class has a cell with what it brings, and only those with products a button", () => {
  const { el } = show(table, STATE);
  assert.equal(find(el, "caption").textContent, "Classes <b>");
  assert.deepEqual(texts(el.querySelectorAll("thead th")), ["X regular", "Y bursts", "Z both"]);
  assert.deepEqual(texts(el.querySelectorAll("tbody th")), ["A first", "B next", "C last"]);
  const cells = texts(el.querySelectorAll("tbody td"));
  assert.equal(cells.length, 9);
  assert.equal(cells[0], "AX: 2 products90 % of revenue<i>Act.");
  assert.equal(cells[4], "BY: no product");
  assert.deepEqual(texts(el.querySelectorAll("button")), ["AX: 2 products", "CZ: 1 product"]);
  assert.equal(el.querySelector("i"), null);
});

test("a click chooses a class, a second one none, and the focus stays", () => {
  const { model, el } = show(table, STATE);
  const button = (/** @type {string} */ key) =>
    /** @type {HTMLButtonElement} */ (find(el, `[data-id="${key}"]`));
  button("CZ").focus();
  button("CZ").click();
  assert.equal(model.get("chosen"), "CZ");
  assert.deepEqual(model.saved, [{ chosen: "CZ" }]);
  assert.equal(button("CZ").getAttribute("aria-pressed"), "true");
  assert.equal(button("AX").getAttribute("aria-pressed"), "false");
  assert.equal(document.activeElement, button("CZ"));
  button("CZ").click();
  assert.equal(model.get("chosen"), "");
});

test("what Python chooses is shown, and a view that is gone hears nothing", () => {
  const { model, el, remove } = show(table, STATE);
  model.set("chosen", "AX");
  assert.equal(find(el, ".sw-chosen").textContent?.slice(0, 2), "AX");
  remove();
  model.set("chosen", "CZ");
  assert.equal(find(el, ".sw-chosen").textContent?.slice(0, 2), "AX");
});
