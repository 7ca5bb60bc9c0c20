import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import "../../shopper_widgets/charts/drawing.js";
import chart from "../../shopper_widgets/panels/chart_view.js";
import { find, openPage, show, texts } from "./page.js";

const BARS = {
  $schema: "https://vega.github.io/schema/vega-lite/v6.json",
  title: { text: "Most are Regular", subtitle: ["4 customers,", "by segment"] },
  data: { values: [{ segment: "Regular", customers: 3 }, { segment: "At-Risk", customers: 1 }] },
  mark: "bar",
  params: [{ name: "pick", select: { type: "point", fields: ["segment"] } }],
  encoding: {
    x: { field: "customers", type: "quantitative" },
    y: { field: "segment", type: "nominal" },
  },
};
const POINTS = {
  ...BARS,
  title: "A map",
  data: { values: [{ days: 0, orders: 0 }, { days: 10, orders: 10 }] },
  mark: "point",
  params: [{ name: "brush", select: { type: "interval", encodings: ["x"] } }],
  encoding: { x: { field: "days", type: "quantitative" }, y: { field: "orders", type: "quantitative" } },
};

const STATE = { spec: BARS, selections: { pick: [] }, description: "Bars", _runtime: "IPY_MODEL_1" };

/** @type {VegaView} */
let view;
/** @type {VegaEmbed} */
let vega;

beforeEach(async () => {
  const window = openPage();
  // The page has no layout: the test sets a wide place for the view.
  Object.defineProperty(window.HTMLElement.prototype, "clientWidth", { configurable: true, value: 600 });
  class ResizeObserver {
    /** @param {() => void} callback */
    constructor(callback) {
      this.observe = callback;
    }
    disconnect() {}
  }
  Object.assign(globalThis, { ResizeObserver, requestAnimationFrame: window.requestAnimationFrame });
  ({ default: vega } = await import(String(new URL("../../shopper_widgets/_support/vega.js", import.meta.url))));
  globalThis.shopperVegaLoading = Promise.resolve(async (place, spec, options) => {
    const made = await vega(place, spec, options);
    view = made.view;
    return made;
  });
});

/** Returns the width of the picture's brush. */
const extent = () => {
  const path = find(document.body, ".brush_brush path").getAttribute("d") ?? "";
  return Number(/h([\d.]+)/.exec(path)?.[1] ?? 0);
};

/**
 * @param {Record<string, any>} spec
 * @param {Record<string, any>} selections
 */
async function draw(spec, selections) {
  const shown = show(chart, { ...STATE, spec, selections });
  await drawn(shown.el);
  return shown;
}

/** @param {Element} el */
async function drawn(el) {
  for (let i = 0; i < 200 && !el.querySelector("svg[role=img], [role=alert]"); i++) await wait(10);
}

test("the title is text of the page, and the picture has a name", async () => {
  const { el, remove } = await draw(BARS, { pick: [] });
  assert.deepEqual(texts(el.querySelectorAll("p")), ["Most are Regular", "4 customers, by segment"]);
  assert.equal(find(el, "svg").getAttribute("aria-label"), "Bars");
  remove();
  assert.equal(el.childElementCount, 0);
});

test("a figure stays with its unit, and on a phone an axis' title ends where the axis ends", async () => {
  const axis = () => shopperCharts.onPage({ config: { axisX: { grid: false } } }).config.axisX;
  const { el, remove } = await draw({ ...BARS, title: "Peaked at £1.49 M, 9 % more" }, {});
  assert.equal(find(el, ".shopper-chart-text").textContent, "Peaked at £1.49\u00a0M, 9\u00a0% more");
  assert.deepEqual(axis(), { grid: false });
  globalThis.innerWidth = 390;
  assert.deepEqual(axis(), { grid: false, titleAnchor: "end" });
  Object.assign(globalThis, { innerWidth: undefined });
  remove();
});

test("what Python selects is selected in the picture, and nothing is reported back", async () => {
  const { model, remove } = await draw(BARS, { pick: [{ segment: "At-Risk" }] });
  assert.deepEqual(view.data("pick_store").map(({ values }) => values), [["At-Risk"]]);
  model.set("selections", { pick: [{ segment: "Regular" }] });
  await wait(100);
  assert.deepEqual(view.data("pick_store").map(({ values }) => values), [["Regular"]]);
  assert.deepEqual(model.get("selections"), { pick: [{ segment: "Regular" }] });
  remove();
});

test("what is dragged is reported to Python, low end first", async () => {
  const { model, remove } = await draw(POINTS, { brush: {} });
  const scale = view.scale("x");
  await view.signal("brush_x", [scale(8), scale(2)]).runAsync();
  await wait(100);
  const [low, high] = model.get("selections").brush.days;
  assert.ok(Math.abs(low - 2) < 0.1 && Math.abs(high - 8) < 0.1, `${low} to ${high}`);
  assert.equal(model.saved.length, 1);
  remove();
});

test("an interval that Python set stays what it set, to the last digit", async () => {
  const set = { brush: { days: [1 / 3, 2 / 3] } };
  const { model, remove } = await draw(POINTS, set);
  await wait(100);
  assert.deepEqual(model.get("selections"), set);
  model.set("selections", { brush: {} });
  await wait(100);
  assert.deepEqual(model.get("selections"), { brush: {} });
  assert.equal(extent(), 0);
  remove();
});

test("fields may be called what channels are called", async () => {
  const spec = {
    ...POINTS,
    data: { values: [{ x: 0, y: 0 }, { x: 10, y: 10 }] },
    params: [{ name: "brush", select: "interval" }],
    encoding: { x: { field: "y", type: "quantitative" }, y: { field: "x", type: "quantitative" } },
  };
  const set = { brush: { y: [2, 8], x: [1, 5] } };
  const { model, remove } = await draw(spec, set);
  await wait(100);
  assert.deepEqual(model.get("selections"), set);
  assert.equal(extent(), Math.abs(view.scale("x")(8) - view.scale("x")(2)));
  remove();
});

test("a chart that asks for an address says that charts load nothing", async () => {
  const { el, remove } = await draw({ ...BARS, data: { url: "//a.example/data.csv" } }, { pick: [] });
  assert.match(find(el, "[role=alert]").textContent, /^This chart can't be drawn: it asks for an address/);
  remove();
});

test("another description while a chart is being drawn is taken when it stands", async () => {
  const whole = globalThis.shopperVegaLoading;
  globalThis.shopperVegaLoading = Promise.resolve(async (place, spec, options) => {
    const made = await (await /** @type {Promise<VegaEmbed>} */ (whole))(place, spec, options);
    // the picture is drawn, and its view isn't known yet
    assert.ok(place.querySelector("svg.marks"));
    model.set("description", "Bars of segments");
    return made;
  });
  const { model, el, remove } = show(chart, STATE);
  await drawn(el);
  assert.equal(find(el, "svg").getAttribute("aria-label"), "Bars of segments");
  remove();
});

const TOLD = { ...BARS, encoding: { ...BARS.encoding, tooltip: [
  { field: "segment", title: "Segment" }, { field: "customers", type: "quantitative", title: "Customers", format: "," },
] } };

test("a chart's figures are a table below it, as its marks tell them, one click away", async () => {
  const german = await draw({ ...TOLD, usermeta: { table: "Tabelle" } }, { pick: [] });
  assert.equal(find(german.el, "button[aria-expanded]").textContent, "Tabelle");
  german.remove();
  const { el, remove } = await draw({ ...TOLD, title: "<b>Most</b>" }, { pick: [] });
  const open = find(el, "button[aria-expanded]");
  assert.equal(open.getAttribute("aria-label"), "Table: Bars");
  open.click();
  assert.deepEqual(texts(find(el, "table").querySelectorAll("th, td")),
    ["Segment", "Customers", "Regular", "3", "At-Risk", "1"]);
  assert.deepEqual(texts(el.querySelectorAll(".sw-number")), ["Customers", "3", "1"]);
  assert.equal(open.getAttribute("aria-expanded"), "true");
  open.click();
  assert.equal(el.querySelector("table"), null);
  remove();
});

test("figures that two layers tell are listed once, and the first 200 of many", async () => {
  const layers = { ...TOLD, mark: undefined, layer: [{ mark: "bar" }, { mark: "text" }], params: undefined };
  const { el, remove } = await draw(layers, {});
  find(el, "button[aria-expanded]").click();
  assert.equal(el.querySelectorAll("tbody tr").length, 2);
  remove();
  const values = Array.from({ length: 230 }, (_, i) => ({ segment: `S${i}`, customers: i }));
  const many = await draw({ ...TOLD, data: { values } }, { pick: [] });
  find(many.el, "button[aria-expanded]").click();
  assert.equal(many.el.querySelectorAll("tbody tr").length, 200);
  assert.equal(find(many.el, "caption").textContent, "Bars (the first 200 of 230)");
  many.remove();
});

test("a chart without figures offers none, and its picture all the same", async () => {
  const { el, remove } = await draw(BARS, { pick: [] });
  assert.deepEqual(texts(el.querySelectorAll("button")), ["PNG", "SVG"]);
  remove();
});

test("a saved picture has its title and is on white, and nothing of it stays on the page", async (t) => {
  const { setTimeout: later } = globalThis;
  // the picture's address is released after a minute, for which the test needn't wait
  t.mock.method(globalThis, "setTimeout", (/** @type {() => void} */ run, /** @type {number} */ ms) => later(run, ms).unref());
  /** @type {Blob[]} */
  const saved = [];
  // jsdom makes no addresses of files, which Vega requests from the window
  window.URL.createObjectURL = (/** @type {any} */ blob) => `blob:picture${saved.push(blob)}`;
  document.body.dataset.jpThemeLight = "false";
  globalThis.shopperCharts.dark = { "#0072B2": "#3D94D6" };
  const { el, remove } = await draw({ ...BARS, background: "white", mark: { type: "bar", color: "#0072B2" } }, { pick: [] });
  /** @type {string[]} */
  const names = [];
  window.HTMLAnchorElement.prototype.click = function () { names.push(this.download); };
  find(el, "button[aria-label^=SVG]").click();
  for (let i = 0; i < 200 && !names.length; i++) await wait(10);
  assert.deepEqual(names, ["bars.svg"]);
  const picture = await saved[0].text();
  assert.match(picture, /Most are Regular/);
  assert.match(picture, /fill="white"/);
  assert.match(picture, /#0072B2/);
  assert.equal(document.querySelector(".shopper-chart-aside"), null);
  remove();
});

test("a chart is drawn in the colours of the page, and anew when it turns dark", async () => {
  globalThis.shopperCharts.dark = { "#0072B2": "#3D94D6", white: "#16191D" };
  const spec = { ...BARS, background: "white", mark: { type: "bar", color: "#0072B2" },
    data: { values: [{ segment: "white", customers: 3 }] } };
  const { el, remove } = await draw(spec, { pick: [{ segment: "white" }] });
  const fill = () => find(el, ".mark-rect.role-mark path").getAttribute("fill");
  assert.equal(fill(), "#0072B2");
  document.body.dataset.jpThemeLight = "false";
  for (let i = 0; i < 200 && (!el.querySelector("svg[role=img]") || fill() === "#0072B2"); i++) await wait(10);
  assert.equal(fill(), "#3D94D6");
  assert.match(el.textContent, /white/); // a segment of the shop's, not a colour
  assert.deepEqual(view.data("pick_store").map(({ values }) => values), [["white"]]);
  remove();
});

test("Vega that can't be loaded is told, and the next chart tries again", async () => {
  globalThis.shopperVegaLoading = undefined;
  const { el, remove } = show(chart, STATE, async () => {
    throw new Error("the kernel is gone");
  });
  await drawn(el);
  assert.equal(el.textContent, "This chart can't be drawn: the kernel is gone");
  assert.equal(globalThis.shopperVegaLoading, undefined);
  remove();
});
