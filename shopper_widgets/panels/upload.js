// @ts-check
// A button that asks for a file and sends it to Python.

/** @import { AnyModel } from "@anywidget/types" */
/**
 * The traits that `upload.py` synchronizes.
 * @typedef {{ description: string, accept: string }} State
 */

/** @param {{ model: AnyModel<State>, el: HTMLElement }} view */
function render({ model, el }) {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = model.get("accept");
  input.hidden = true;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "jupyter-button sw-upload";
  button.textContent = model.get("description");
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", async () => {
    const [file] = input.files ?? [];
    if (!file) return;
    model.send({ name: file.name }, undefined, [await file.arrayBuffer()]);
    input.value = ""; // the same file can be chosen again after it was corrected
  });
  el.append(button, input);
  return () => el.replaceChildren();
}

export default { render };
