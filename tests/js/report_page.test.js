import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { find } from "./page.js";

const [DRAWING, SCRIPT] = ["charts/drawing.js", "publish/page/page.js"].map((name) =>
  readFileSync(new URL(`../../shopper_widgets/${name}`, import.meta.url), "utf-8"),
);

/** @param {string} spec */
const figure = (spec) =>
  `<figure class="chart" data-description="Sales a month"><div class="plot"></div>
   <script type="application/json">${spec}</script></figure>`;

/**
 * Return a report's page after its script ran, with a substitute for Vega.
 * @param {string} body
 * @param {VegaEmbed} embed
 * @param {string} [hash] the fragment of its address
 */
async function open(body, embed, hash = "") {
  const { window } = new JSDOM(`<main>${body}</main>`, { runScripts: "outside-only", url: `file:///report.html${hash}` });
  window.shopperVegaEmbed = embed;
  window.eval(DRAWING);
  // on the page it is a module, in which one may await
  await window.eval(`(async () => {${SCRIPT}})()`);
  return window.document;
}

/** @type {VegaEmbed} */
async function draws(place) {
  place.innerHTML = '<svg class="marks" role="graphics-document"><g></g></svg>';
  place.setAttribute("role", "graphics-object");
  return /** @type {any} */ ({ view: { container: () => place, scenegraph: () => ({ root: {} }) } });
}

test("every chart is drawn and named for who can't see it", async () => {
  /** @type {object[]} */
  const specs = [];
  const document = await open(figure('{"mark": "bar"}') + figure('{"mark": "line"}'), (place, spec, options) => {
    specs.push(spec);
    return draws(place, spec, options);
  });
  assert.deepEqual(JSON.parse(JSON.stringify(specs)), [
    { mark: "bar", config: { background: "transparent" } },
    { mark: "line", config: { background: "transparent" } },
  ]);
  for (const svg of document.querySelectorAll("svg")) {
    assert.deepEqual([svg.getAttribute("role"), svg.getAttribute("aria-label")], ["img", "Sales a month"]);
    assert.equal(svg.firstElementChild?.getAttribute("aria-hidden"), "true");
    assert.equal(svg.parentElement?.getAttribute("role"), null);
  }
  assert.equal(document.documentElement.dataset.ready, "true");
});

test("a chart that can't be drawn says why, as text, and the next is drawn", async () => {
  const document = await open(figure("<b>no JSON</b>") + figure("{}"), draws);
  const [broken, drawn] = document.querySelectorAll(".plot");
  assert.match(broken?.textContent ?? "", /^This chart can't be drawn: .*JSON/);
  assert.equal(broken?.querySelector("b"), null);
  assert.equal(drawn?.querySelectorAll("svg").length, 1);
  assert.equal(document.documentElement.dataset.ready, "true");
});

test("a table that travels in columns reaches Vega in rows", async () => {
  /** @type {any[]} */
  const specs = [];
  const told = { a: { columns: { x: [1, 2], y: ["p", null] } }, b: [{ x: 3 }], c: { columns: {} } };
  await open(figure(JSON.stringify({ datasets: told })), (place, spec, options) => {
    specs.push(spec);
    return draws(place, spec, options);
  });
  const rows = [
    { x: 1, y: "p" },
    { x: 2, y: null },
  ];
  assert.deepEqual(JSON.parse(JSON.stringify(specs[0].datasets)), { a: rows, b: [{ x: 3 }], c: [] });
});

test("what is folded away is drawn all the same, last, and opens for printing", async () => {
  /** @type {string[]} */
  const order = [];
  const folded = `<details open><summary>More</summary>${figure('{"mark": "folded"}')}</details>`;
  const document = await open(folded + figure('{"mark": "seen"}'), (place, spec, options) => {
    order.push(/** @type {any} */ (spec).mark);
    return draws(place, spec, options);
  });
  assert.deepEqual(order, ["seen", "folded"]);
  const fold = /** @type {HTMLDetailsElement} */ (document.querySelector("details"));
  assert.equal(fold.open, false);
  assert.equal(fold.querySelectorAll("figure > .plot > svg.marks").length, 1);
  assert.equal(document.querySelector(".stage"), null);
  document.defaultView?.dispatchEvent(new document.defaultView.Event("beforeprint"));
  assert.equal(fold.open, true);
});

test("a report loads nothing", async () => {
  const document = await open(figure("{}"), async (_place, _spec, options) => {
    const { loader } = /** @type {{ loader: Record<string, (uri: string) => Promise<never>> }} */ (options);
    assert.deepEqual(Object.keys(loader), ["load", "sanitize", "http", "file"]);
    for (const ask of Object.values(loader)) await assert.rejects(() => ask("//a.example"));
    return loader.load("//a.example/data.csv");
  });
  const told = "This chart can't be drawn: it asks for an address (//a.example/data.csv), and a report loads nothing";
  assert.equal(find(document.body, ".plot").textContent, told);
});

test("a section that the address leads to is open, the others are folded", async () => {
  const fold = (/** @type {string} */ name) => `<details open><summary><h2 id="${name}"></h2></summary></details>`;
  const document = await open(fold("sales") + fold("stock"), draws, "#stock");
  const opened = () => [...document.querySelectorAll("details")].map((one) => one.open);
  assert.deepEqual(opened(), [false, true]);
  const window = /** @type {Window} */ (document.defaultView);
  window.location.hash = "#sales";
  await new Promise((resolve) => window.addEventListener("hashchange", resolve, { once: true }));
  assert.deepEqual(opened(), [true, true]);
});
