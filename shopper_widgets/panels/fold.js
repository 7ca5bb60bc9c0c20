// @ts-check
// A line that opens and closes the content below it.

/** @import { AnyModel } from "@anywidget/types" */
/**
 * The traits that `fold.py` synchronizes.
 * @typedef {{ summary: string, opened: boolean }} State
 */

/** @param {{ model: AnyModel<State>, el: HTMLElement }} view */
function render({ model, el }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "sw-summary";
  const show = () => {
    button.textContent = model.get("summary");
    button.setAttribute("aria-expanded", String(model.get("opened")));
  };
  button.addEventListener("click", () => {
    model.set("opened", !model.get("opened"));
    model.save_changes();
  });
  el.append(button);
  show();
  model.on("change:opened change:summary", show);
  return () => model.off("change:opened change:summary", show);
}

export default { render };
