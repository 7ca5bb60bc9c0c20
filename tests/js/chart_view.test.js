import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
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
  // The page has no layout: the test says that the view's place is wide.
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

/** How wide the picture's brush is. */
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
    // the picture stands, and its view isn't known yet
    assert.ok(place.querySelector("svg.marks"));
    model.set("description", "Bars of segments");
    return made;
  });
  const { model, el, remove } = show(chart, STATE);
  await drawn(el);
  assert.equal(find(el, "svg").getAttribute("aria-label"), "Bars of segments");
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
