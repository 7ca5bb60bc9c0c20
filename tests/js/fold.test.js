import assert from "node:assert/strict";
import { test } from "node:test";
import fold from "../../shopper_widgets/panels/fold.js";
import { find, openPage, show } from "./page.js";

test("a click opens, another closes, and a screen reader is told", () => {
  openPage();
  const { model, el } = show(fold, { summary: "<b>More", opened: false });
  const line = find(el, "button");
  assert.equal(line.textContent, "<b>More");
  for (const opened of [true, false]) {
    line.click();
    assert.deepEqual(model.saved.at(-1), { opened });
    assert.equal(line.getAttribute("aria-expanded"), String(opened));
  }
});
