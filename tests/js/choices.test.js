import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import choices from "../../shopper_widgets/panels/choices.js";
import { find, openPage, show, texts } from "./page.js";

const COUNTRIES = Array.from({ length: 12 }, (_, i) => `Country ${i}`);

beforeEach(() => openPage());

/** @param {HTMLElement} el */
const shown = (el) => texts([...el.querySelectorAll("label")].filter((label) => !label.hidden));

test("ticking one after the other chooses them all, in their usual order", () => {
  const { model, el } = show(choices, { description: "Segments", options: ["High-Value", "<b>New"], value: [] });
  assert.equal(find(el, "legend").textContent, "Segments");
  assert.deepEqual(shown(el), ["High-Value", "<b>New"]);
  const [first, second] = el.querySelectorAll("input");
  second.click();
  first.click();
  assert.deepEqual(model.get("value"), ["High-Value", "<b>New"]);
  model.set("value", []);
  assert.deepEqual([first.checked, second.checked], [false, false]);
});

test("the rest of many is a click away, but for what is chosen of it", () => {
  const { model, el } = show(choices, { description: "Countries", options: COUNTRIES, value: ["Country 9"] });
  assert.deepEqual(shown(el), [...COUNTRIES.slice(0, 8), "Country 9"]);
  const more = find(el, "button");
  assert.deepEqual([more.textContent, more.getAttribute("aria-expanded")], ["4 more", "false"]);
  more.click();
  assert.deepEqual(shown(el), COUNTRIES);
  assert.deepEqual([more.textContent, more.getAttribute("aria-expanded")], ["Fewer", "true"]);
  more.click();
  model.set("value", ["Country 11"]);
  assert.deepEqual(shown(el), [...COUNTRIES.slice(0, 8), "Country 11"]);
});

test("what is read may differ from what is chosen", () => {
  const words = { labels: COUNTRIES.map((name) => name.replace("Country", "Land")), more: "{number} weitere" };
  const { model, el } = show(choices, { description: "Länder", options: COUNTRIES, value: [], ...words });
  assert.equal(find(el, "button").textContent, "4 weitere");
  el.querySelector("input")?.click();
  assert.deepEqual([shown(el)[0], model.get("value")], ["Land 0", ["Country 0"]]);
});
