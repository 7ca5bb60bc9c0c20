// @ts-check
// A button that asks for a file and hands it over.

/** @import { AnyModel } from "@anywidget/types" */
/**
 * What `upload.py` keeps in step.
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
    input.value = ""; // the same file can be handed over again once it is mended
  });
  el.append(button, input);
  return () => el.replaceChildren();
}

export default { render };
