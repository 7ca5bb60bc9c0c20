import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import box from "../../shopper_widgets/panels/typed_box.js";
import { find, openPage, show } from "./page.js";

/** @typedef {HTMLInputElement} Input */

const STATE = {
  description: "Price from (£)",
  kind: "number",
  shown: "",
  message: "",
  wrong: false,
  placeholder: "any",
  limits: ["", ""],
  step: 0,
  decimal: ".",
  live: true,
};
const DATE = { kind: "date", shown: "2011-12-09", limits: ["2010-12-01", "2011-12-09"] };

beforeEach(() => {
  openPage();
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

/** @param {Partial<typeof STATE>} changes */
function draw(changes = {}) {
  const shown = show(box, { ...STATE, ...changes });
  const input = /** @type {Input} */ (find(shown.el, "input"));
  return {
    ...shown,
    input,
    type: (/** @type {string} */ text) => {
      input.value = text;
      input.dispatchEvent(new Event("input"));
    },
    leave: () => input.dispatchEvent(new Event("blur")),
    press: (/** @type {string} */ key) => {
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
      input.dispatchEvent(event);
      return event;
    },
    answer: (/** @type {number} */ number, left = false) => shown.model.trigger("msg:custom", { number, left }),
    entries: () => shown.model.sent.map(({ text, enter, left }) => `${text}${enter ? " enter" : ""}${left ? " left" : ""}`),
  };
}

test("the label is the box's", () => {
  const { el, input } = draw();
  assert.equal(find(el, "label").textContent, "Price from (£)");
  assert.equal(find(el, "label").getAttribute("for"), input.id);
  assert.deepEqual([input.type, input.inputMode, input.placeholder], ["text", "decimal", "any"]);
});

test("an area of several lines keeps its Enter, and tells what is said of it", () => {
  const { el, model } = show(box, { ...STATE, kind: "lines", description: "New", shown: "Ring them.", live: false });
  const area = /** @type {HTMLTextAreaElement} */ (find(el, "textarea"));
  assert.equal(find(el, "label").getAttribute("for"), area.id);
  assert.equal(area.value, "Ring them.");
  area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  assert.deepEqual(model.sent, []);
  area.value = "";
  area.dispatchEvent(new Event("input"));
  area.dispatchEvent(new Event("blur"));
  assert.deepEqual(model.sent, [{ text: "", enter: false, left: true, number: 1 }]);
  model.set("message", "Empty: no action.");
  const told = find(el, "p");
  assert.deepEqual([told.getAttribute("role"), told.textContent], ["status", "Empty: no action."]);
  assert.equal(area.getAttribute("aria-describedby"), told.id);
});

test("what is whole is sent as it is typed", () => {
  const { type, entries } = draw();
  type("12");
  assert.deepEqual(entries(), ["12"]);
});

for (const text of ["", " ", "-", "−", "12.", "12,"]) {
  test(`what may be unfinished, such as ${JSON.stringify(text)}, waits for a pause`, () => {
    const { type, entries } = draw();
    type(text);
    mock.timers.tick(899);
    assert.deepEqual(entries(), []);
    mock.timers.tick(1);
    assert.deepEqual(entries(), [text]);
  });
}

test("typing on puts off what waits", () => {
  const { type, entries } = draw();
  type("1.");
  mock.timers.tick(800);
  type("1.5");
  mock.timers.tick(5000);
  assert.deepEqual(entries(), ["1.5"]);
});

test("a box that isn't live waits for a pause whatever is typed", () => {
  const { type, entries } = draw({ live: false });
  type("12");
  assert.deepEqual(entries(), []);
  mock.timers.tick(900);
  assert.deepEqual(entries(), ["12"]);
});

test("of what is typed while an answer is awaited only the last is sent", () => {
  const { type, answer, entries } = draw();
  for (const text of ["1", "12", "123"]) type(text);
  assert.deepEqual(entries(), ["1"]);
  answer(1);
  assert.deepEqual(entries(), ["1", "123"]);
  answer(2);
  assert.deepEqual(entries(), ["1", "123"]);
  type("1234");
  assert.deepEqual(entries(), ["1", "123", "1234"]);
});

test("an answer to an earlier entry does not end the wait", () => {
  const { type, answer, entries } = draw();
  type("1");
  answer(1);
  type("12");
  answer(1);
  type("123");
  assert.deepEqual(entries(), ["1", "12"]);
});

test("what is typed stays until the box is left; then it shows what counts", () => {
  const { type, leave, answer, entries, model, input } = draw();
  type("1.50");
  model.set("shown", "1.5");
  assert.equal(input.value, "1.50");
  answer(1);
  leave();
  assert.deepEqual(entries(), ["1.50", "1.50 left"]);
  answer(2, true);
  assert.equal(input.value, "1.5");
});

test("a box that was only visited sends nothing", () => {
  const { leave, entries } = draw();
  leave();
  assert.deepEqual(entries(), []);
});

test("enter sends at once", () => {
  const { type, press, entries } = draw({ live: false });
  type("7");
  press("Enter");
  mock.timers.tick(5000);
  assert.deepEqual(entries(), ["7 enter left"]);
});

const STEPS = [
  { key: "ArrowUp", from: "1.5", step: 0.5, to: "2" },
  { key: "ArrowDown", from: "0.3", step: 0.1, to: "0.2" },
  { key: "ArrowUp", from: "", step: 1, to: "1" },
  { key: "ArrowUp", from: "dear", step: 1, to: "dear" },
  { key: "ArrowUp", from: "3", step: 0, to: "3" },
  { key: "ArrowUp", from: "1,5", step: 1, to: "2,5", decimal: "," },
  { key: "ArrowUp", from: "1.500", step: 1, to: "1.500", decimal: "," },
];
for (const { key, from, step, to, decimal = "." } of STEPS) {
  test(`${key} in steps of ${step} takes ${JSON.stringify(from)} to ${JSON.stringify(to)}`, () => {
    const { press, input, entries } = draw({ step, decimal, shown: from });
    const { defaultPrevented } = press(key);
    assert.equal(input.value, to);
    assert.deepEqual([defaultPrevented, entries()], from === to ? [false, []] : [true, [to]]);
  });
}

test("keys typed in a box are no commands of the notebook", () => {
  const { el, press } = draw();
  let heard = 0;
  el.addEventListener("keydown", () => {
    heard += 1;
  });
  press("d");
  assert.equal(heard, 0);
});

test("a day within the limits is sent at once, another when the box was left alone", () => {
  const { input, type, answer, entries } = draw(DATE);
  assert.deepEqual([input.type, input.min, input.max], ["date", "2010-12-01", "2011-12-09"]);
  type("2011-06-01");
  assert.deepEqual(entries(), ["2011-06-01"]);
  answer(1);
  type("2012-06-01");
  mock.timers.tick(1799);
  assert.deepEqual(entries(), ["2011-06-01"]);
  mock.timers.tick(1);
  assert.deepEqual(entries(), ["2011-06-01", "2012-06-01 left"]);
  answer(2, true);
  assert.equal(input.value, "2011-12-09");
});

test("what is wrong is an alert that the box is described by, between label and box", () => {
  const { el, input, model } = draw({ message: "7 is too much.", wrong: true });
  const told = find(el, "[role=alert]");
  assert.deepEqual([...el.children], [find(el, "label"), told, input]);
  assert.deepEqual([told.textContent, told.className], ["7 is too much.", ""]);
  assert.deepEqual([input.getAttribute("aria-invalid"), input.getAttribute("aria-describedby")], ["true", told.id]);
  model.set({ message: "7 customers.", wrong: false });
  assert.equal(find(el, "[role=status]").className, "sw-note");
  assert.equal(input.getAttribute("aria-invalid"), "false");
  model.set({ message: "", wrong: true });
  assert.equal(el.querySelector("p"), null);
  assert.deepEqual([input.getAttribute("aria-invalid"), input.getAttribute("aria-describedby")], ["false", null]);
});

test("a box that was taken away sends nothing more", () => {
  const { type, remove, entries, model, el } = draw({ live: false });
  type("12");
  remove();
  mock.timers.tick(5000);
  model.set("description", "Price to (£)");
  assert.deepEqual(entries(), []);
  assert.equal(find(el, "label").textContent, "Price from (£)");
});

test("a slider moves the number, and follows it; the keyboard has the box", async () => {
  const { model, el } = show(box, { ...STATE, kind: "number", limits: ["0", "90"], step: 5, shown: "10", help: "of 100" });
  const [input, slider] = el.querySelectorAll("input");
  assert.deepEqual([slider.type, slider.min, slider.max, slider.step, slider.value], ["range", "0", "90", "5", "10"]);
  assert.deepEqual([slider.tabIndex, slider.getAttribute("aria-hidden")], [-1, "true"]);
  assert.equal(input.getAttribute("aria-describedby"), find(el, "p").id);
  slider.value = "25";
  slider.dispatchEvent(new Event("input"));
  assert.equal(input.value, "25");
  model.trigger("msg:custom", { number: 1, left: false });
  slider.dispatchEvent(new Event("change"));
  assert.deepEqual(model.sent.at(-1), { text: "25", enter: false, left: true, number: 2 });
  model.trigger("msg:custom", { number: 2, left: true });
  model.set("shown", "30");
  assert.equal(slider.value, "30");
});

test("a slider reads the decimal mark of its box, and writes it", () => {
  const { el } = show(box, { ...STATE, limits: ["0", "10"], step: 0.5, decimal: ",", shown: "2,5" });
  const [input, slider] = el.querySelectorAll("input");
  assert.equal(slider.value, "2.5");
  slider.value = "3.5";
  slider.dispatchEvent(new Event("input"));
  assert.equal(input.value, "3,5");
});
