import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import upload from "../../shopper_widgets/panels/upload.js";
import { find, openPage, show } from "./page.js";

test("the button asks for a file, which is handed over with its name", async () => {
  openPage();
  const { model, el } = show(upload, { description: "Load a list", accept: ".csv" });
  /** @type {any[]} */
  const sent = [];
  Object.assign(model, { send: (/** @type {any[]} */ ...parts) => sent.push(parts) });
  /** @type {HTMLInputElement} */
  const input = find(el, "input");
  let asked = 0;
  input.addEventListener("click", () => asked++);
  find(el, "button").click();
  assert.deepEqual([asked, input.accept, find(el, "button").textContent], [1, ".csv", "Load a list"]);
  const file = { name: "a.csv", arrayBuffer: async () => new TextEncoder().encode("id").buffer };
  Object.defineProperty(input, "files", { value: [file] });
  input.dispatchEvent(new Event("change"));
  await wait(10);
  const [content, , [bytes]] = sent[0];
  assert.deepEqual([content, new TextDecoder().decode(bytes)], [{ name: "a.csv" }, "id"]);
});
