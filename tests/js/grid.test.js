import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import grid from "../../shopper_widgets/panels/grid.js";
import { find, openPage, show, texts } from "./page.js";

const STATE = {
  caption: "Customers",
  columns: [
    { name: "customer_id", label: "Customer", css: "" },
    { name: "amount", label: "Spent", css: "sw-number" },
  ],
  rows: [["A", "£9"], ["<b>B</b>", "£7"]],
  keys_shown: ["A", "B"],
  total: 25,
  page_size: 10,
  sortable: true,
  sort_by: "amount",
  descending: true,
  page: 0,
  chosen: "",
  empty: "Nobody is overdue.",
  message: "",
  filename: "",
  excel: false,
  what: "customer",
};

/** @type {ReturnType<typeof openPage>} */
let window;
beforeEach(() => {
  window = openPage();
});

/** @param {Partial<typeof STATE>} changes */
const draw = (changes = {}) => show(grid, { ...STATE, ...changes });

test("cells are text, never markup", () => {
  const { el } = draw();
  assert.deepEqual(texts(el.querySelectorAll("td")), ["A", "£9", "<b>B</b>", "£7"]);
  assert.equal(el.querySelector("b"), null);
});

test("what a list of cards can be sorted by is said in the page's language", () => {
  const said = (/** @type {object} */ changes) => draw(changes).el.querySelector("thead tr")?.getAttribute("data-sort");
  assert.equal(said({}), "Sort by:");
  assert.equal(said({ words: { sort: "Sortieren nach:" } }), "Sortieren nach:");
});

test("a card names each value, and what is laid out as cards is a table by its roles", () => {
  const { el } = draw();
  const labels = [...el.querySelectorAll("tbody td")].map((cell) => cell.getAttribute("data-label"));
  assert.deepEqual(labels, ["Customer", "Spent", "Customer", "Spent"]);
  const roles = [...el.querySelectorAll("table, table :not(caption, button, span)")].map((part) => [
    part.localName,
    part.getAttribute("role"),
  ]);
  assert.deepEqual(Object.fromEntries(roles), {
    table: "table",
    thead: "rowgroup",
    tbody: "rowgroup",
    tr: "row",
    th: "columnheader",
    td: "cell",
  });
});

const WHERE = [
  { state: {}, where: "1–10 of 25", back: true, on: false },
  { state: { page: 1 }, where: "11–20 of 25", back: false, on: false },
  { state: { page: 2 }, where: "21–25 of 25", back: false, on: true },
  { state: { page: 1, total: 20 }, where: "11–20 of 20", back: false, on: true },
  { state: { page: 1234, total: 1_000_000 }, where: "12,341–12,350 of 1,000,000", back: false, on: false },
];
for (const { state, where, back, on } of WHERE) {
  test(`the pager says ${where}`, () => {
    const { el } = draw(state);
    assert.equal(find(el, ".sw-pager [role=status]").textContent, where);
    const disabled = ["back", "on"].map((id) => find(el, `[data-id=${id}]`).hasAttribute("disabled"));
    assert.deepEqual(disabled, [back, on]);
  });
}

test("one page needs no pager", () => {
  assert.equal(draw({ total: 10 }).el.querySelector(".sw-pager"), null);
  assert.notEqual(draw({ total: 11 }).el.querySelector(".sw-pager"), null);
});

test("paging asks Python for the next page, and the keyboard keeps its place", () => {
  const { el, model } = draw();
  find(el, "[data-id=on]").focus();
  find(el, "[data-id=on]").click();
  assert.deepEqual(model.saved, [{ page: 1 }]);
  assert.equal(find(el, ".sw-pager [role=status]").textContent, "11–20 of 25");
  assert.equal(document.activeElement, find(el, "[data-id=on]"));
});

const DOWNLOADS = [
  { total: 1, text: "Download 1 customer (CSV)" },
  { total: 2, text: "Download 2 customers (CSV)" },
  { total: 4338, text: "Download 4,338 customers (CSV)" },
];
for (const { total, text } of DOWNLOADS) {
  test(`the button says ${text}`, () => {
    assert.equal(find(draw({ total, filename: "list.csv" }).el, ".sw-download").textContent, text);
  });
}

test("a list without a file has no download", () => {
  assert.equal(draw().el.querySelector(".sw-download"), null);
});

test("a file is asked for once, and saved when it comes", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  /** @type {unknown[]} */
  const made = [];
  t.mock.method(URL, "createObjectURL", (/** @type {Blob} */ file) => {
    made.push([file.size, file.type]);
    return "blob:list";
  });
  const freed = t.mock.method(URL, "revokeObjectURL", () => {});
  /** @type {string[]} */
  const saved = [];
  window.HTMLAnchorElement.prototype.click = function () {
    saved.push(`${this.download} from ${this.href}`);
  };
  const { el, model } = draw({ filename: "list.csv" });
  find(el, ".sw-download").click();
  assert.equal(find(el, ".sw-download").textContent, "Making the file …");
  assert.equal(find(el, ".sw-download").getAttribute("aria-disabled"), "true");
  find(el, ".sw-download").click();
  assert.deepEqual(model.sent, [{}]);

  model.trigger("msg:custom", { filename: "list.csv" }, [new DataView(new ArrayBuffer(3))]);
  assert.deepEqual(made, [[3, "text/csv;charset=utf-8"]]);
  assert.deepEqual(saved, ["list.csv from blob:list"]);
  assert.equal(find(el, ".sw-download").textContent, "Download 25 customers (CSV)");
  assert.equal(freed.mock.callCount(), 0);
  t.mock.timers.tick(60_000);
  assert.deepEqual(freed.mock.calls.map((call) => call.arguments), [["blob:list"]]);
});

test("a workbook is asked for by its kind, and saved as what it is", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] }); // the file's address is let go after a minute
  /** @type {unknown[]} */
  const made = [];
  URL.createObjectURL = (/** @type {any} */ file) => {
    made.push(file.type);
    return "blob:list";
  };
  window.HTMLAnchorElement.prototype.click = () => {};
  const { el, model } = draw({ filename: "list.csv", excel: true });
  const [csv, excel] = [...el.querySelectorAll(".sw-download")];
  assert.equal(excel.textContent, "Excel (.xlsx)");
  find(el, "[data-id=excel]").click();
  assert.deepEqual(model.sent, [{ kind: "xlsx" }]);
  assert.equal(find(el, "[data-id=excel]").textContent, "Making the file …");
  assert.equal(find(el, "[data-id=download]").textContent, csv.textContent);
  model.trigger("msg:custom", { filename: "list.xlsx", type: "application/x" }, [new DataView(new ArrayBuffer(3))]);
  assert.deepEqual(made, ["application/x"]);
});

test("a message why there is no file ends the making of one", () => {
  const { el, model } = draw({ filename: "list.csv" });
  find(el, ".sw-download").click();
  model.set("message", "The list can't be written.");
  assert.equal(find(el, "[role=alert]").textContent, "The list can't be written.");
  assert.equal(find(el, ".sw-download").textContent, "Download 25 customers (CSV)");
});

test("the head says what is sorted and sorts by what is clicked", () => {
  const { el, model } = draw();
  assert.deepEqual(texts(el.querySelectorAll("th")), ["Customer ↕", "Spent ▼"]);
  assert.deepEqual([...el.querySelectorAll("th")].map((th) => th.getAttribute("aria-sort")), [null, "descending"]);
  /** @param {string} name */
  const sortedBy = (name) => {
    find(el, `[data-id='sort ${name}']`).click();
    return [model.get("sort_by"), model.get("descending")];
  };
  // numbers begin with the largest, words with A; a sorted column is reversed
  assert.deepEqual(sortedBy("amount"), ["amount", false]);
  assert.deepEqual(sortedBy("customer_id"), ["customer_id", false]);
  assert.deepEqual(sortedBy("customer_id"), ["customer_id", true]);
  assert.deepEqual(sortedBy("amount"), ["amount", true]);
});

test("a list that can't be sorted has plain heads", () => {
  const { el } = draw({ sortable: false });
  assert.deepEqual(texts(el.querySelectorAll("th")), ["Customer", "Spent"]);
  assert.equal(el.querySelector("th button"), null);
});

test("a row is chosen and let go by its button", () => {
  const { el, model } = draw();
  const row = () => find(el, "[data-id='row A']");
  assert.equal(row().getAttribute("aria-pressed"), "false");
  row().click();
  assert.equal(model.get("chosen"), "A");
  assert.equal(row().getAttribute("aria-pressed"), "true");
  assert.equal(find(el, "tr.sw-chosen").firstElementChild?.textContent, "A");
  row().click();
  assert.equal(model.get("chosen"), "");
});

test("rows without keys have no buttons", () => {
  assert.equal(draw({ keys_shown: [] }).el.querySelector("td button"), null);
});

test("an empty list says so", () => {
  const { el } = draw({ rows: [], keys_shown: [], total: 0, filename: "list.csv" });
  assert.equal(el.textContent, "Nobody is overdue.");
});

test("a view that was taken away no longer draws", () => {
  const { el, model, remove } = draw();
  remove();
  model.set("rows", []);
  assert.equal(el.querySelectorAll("tbody tr").length, 2);
});

test("what the table says itself is said in the language that it is given", () => {
  const words = { locale: "de", back: "Zurück", on: "Weiter", of: "von", several: "Kunden" };
  const download = "{things} herunterladen (CSV)";
  const { el } = show(grid, { ...STATE, total: 4338, filename: "a.csv", words: { ...words, download } });
  assert.equal(find(el, ".sw-download").textContent, "4.338 Kunden herunterladen (CSV)");
  assert.equal(find(el, ".sw-pager").textContent, "Zurück1–10 von 4.338Weiter");
});
