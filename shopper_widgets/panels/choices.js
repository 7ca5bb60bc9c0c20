// @ts-check
// A choice of any number of a few things, each a checkbox that looks like a chip: no key has to be held.
// This many are shown at first; the rest is a click away, except for chosen ones.
const SHOWN = 8;

/** @import { AnyModel } from "@anywidget/types" */
/**
 * The traits that `choices.py` synchronizes.
 * @typedef {{ description: string, options: string[], value: string[], labels: string[], more: string, fewer: string }} State
 */

/** @param {{ model: AnyModel<State>, el: HTMLElement }} view */
function render({ model, el }) {
  const group = document.createElement("fieldset");
  const legend = group.appendChild(document.createElement("legend"));
  legend.textContent = model.get("description");
  group.className = "sw-choices";
  /** @type {Map<string, HTMLInputElement>} */
  const boxes = new Map();
  let opened = false;

  const take = () => {
    model.set("value", model.get("options").filter((option) => boxes.get(option)?.checked));
    model.save_changes();
  };
  const labels = model.get("labels") ?? [];
  for (const [place, option] of model.get("options").entries()) {
    const label = document.createElement("label");
    const box = label.appendChild(document.createElement("input"));
    box.type = "checkbox";
    box.addEventListener("change", take);
    label.append(labels[place] ?? option);
    group.append(label);
    boxes.set(option, box);
  }
  const more = document.createElement("button");
  more.type = "button";
  more.addEventListener("click", () => {
    opened = !opened;
    show();
  });
  const rest = [...boxes].slice(SHOWN);
  if (rest.length) group.append(more);

  const show = () => {
    const chosen = new Set(model.get("value"));
    for (const [option, box] of boxes) box.checked = chosen.has(option);
    for (const [option, box] of rest) {
      if (box.parentElement) box.parentElement.hidden = !opened && !chosen.has(option);
    }
    const all = (model.get("more") ?? "{number} more").replace("{number}", String(rest.length));
    more.textContent = opened ? (model.get("fewer") ?? "Fewer") : all;
    more.setAttribute("aria-expanded", String(opened));
  };
  el.append(group);
  show();
  model.on("change:value", show);
  return () => model.off("change:value", show);
}

export default { render };
