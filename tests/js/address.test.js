import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import address from "../../shopper_widgets/panels/address.js";
import { openPage, show } from "./page.js";

/** @type {ReturnType<typeof openPage>} */
let window;
beforeEach(() => {
  window = openPage("http://localhost/?view=overdue");
  const { location, history } = window;
  const addEventListener = window.addEventListener.bind(window);
  const removeEventListener = window.removeEventListener.bind(window);
  Object.assign(globalThis, { location, history, addEventListener, removeEventListener });
});

test("the address of the page is asked for once it is drawn", () => {
  assert.deepEqual(show(address, {}).model.sent, [{ query: "?view=overdue" }]);
});

test("a page without a question asks nothing", () => {
  window.history.replaceState(null, "", "/");
  assert.deepEqual(show(address, {}).model.sent, []);
});

test("another view is a step back, a filter is not, and what is shown already changes nothing", () => {
  const { model } = show(address, {});
  const before = window.history.length;
  model.trigger("msg:custom", { query: "?view=sales", replace: false });
  assert.equal(window.location.search, "?view=sales");
  assert.equal(window.history.length, before + 1);
  model.trigger("msg:custom", { query: "?view=sales&country=France", replace: true });
  assert.equal(window.location.search, "?view=sales&country=France");
  model.trigger("msg:custom", { query: "?view=sales&country=France", replace: false });
  assert.equal(window.history.length, before + 1);
});

test("going back asks for what stood there, until the page is taken away", () => {
  const { model, remove } = show(address, {});
  model.sent.length = 0;
  window.dispatchEvent(new window.Event("popstate"));
  assert.deepEqual(model.sent, [{ query: "?view=overdue" }]);
  remove();
  window.dispatchEvent(new window.Event("popstate"));
  model.trigger("msg:custom", { query: "?view=sales", replace: false });
  assert.equal(model.sent.length, 1);
  assert.equal(window.location.search, "?view=overdue");
});
