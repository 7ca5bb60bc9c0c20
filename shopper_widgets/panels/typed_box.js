// @ts-check
// A box that takes any text. Python interprets it, says which value is used, and what is wrong with it.
// Typing must pause for this long before text that may be unfinished, such as a lone minus, is sent. Dates take
// longer to type, and a day that can't be used is replaced then: the tab key stays within such a box.
const DEBOUNCE_MS = 900;
const DATE_DEBOUNCE_MS = 1800;

/** @import { AnyModel } from "@anywidget/types" */
/**
 * The traits that `typed_box.py` synchronizes.
 * @typedef {{
 *   description: string, kind: "text" | "lines" | "number" | "date", shown: string, message: string, wrong: boolean,
 *   help: string, placeholder: string, limits: [string, string], step: number, decimal: string, live: boolean,
 * }} State
 */
/** @typedef {{ text: string, enter: boolean, left: boolean }} Entry */

/** @param {{ model: AnyModel<State>, el: HTMLElement }} view */
function render({ model, el }) {
  const isDate = model.get("kind") === "date";
  const label = document.createElement("label");
  const told = document.createElement("p");
  const area = model.get("kind") === "lines";
  const input = /** @type {HTMLInputElement} */ (document.createElement(area ? "textarea" : "input"));
  label.className = "widget-label";
  // Each box loads this file separately: a counter would give all boxes the same number.
  label.htmlFor = input.id = `sw-typed-${Math.random().toString(36).slice(2)}`;
  told.id = `${input.id}-told`;
  if (!area) input.type = isDate ? "date" : "text";
  if (model.get("kind") === "number") input.inputMode = "decimal";
  input.autocomplete = "off";
  input.spellcheck = false;

  // The slider is for pointing devices only: the box has the same value, and takes the same numbers and more.
  const [low, high] = isDate ? ["", ""] : model.get("limits");
  const slider = document.createElement("input");
  const decimal = model.get("decimal");
  /** @param {string} text */
  const asNumber = (text) => text.replace(/[.,]/g, (mark) => (mark === decimal ? "." : ","));
  /** @param {string} number */
  const asText = (number) => number.replace(".", decimal);
  if (high) {
    Object.assign(slider, { type: "range", min: low, max: high, step: String(model.get("step")), tabIndex: -1 });
    slider.setAttribute("aria-hidden", "true");
    slider.addEventListener("input", () => {
      input.value = asText(slider.value);
      input.dispatchEvent(new Event("input"));
    });
    slider.addEventListener("change", () => leave(false));
  }

  // Only one entry is under way at a time; of the entries made meanwhile, only the last is sent.
  let sent = 0;
  let underWay = false;
  /** @type {Entry | null} */
  let next = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  // Whether something was typed since the box was last left.
  let touched = false;
  /** @param {Entry} entry */
  const send = (entry) => {
    clearTimeout(timer);
    next = underWay ? entry : null;
    if (underWay) return;
    underWay = true;
    model.send({ ...entry, number: ++sent });
  };
  /** @param {boolean} enter */
  const leave = (enter) => {
    touched = false;
    send({ text: input.value, enter, left: true });
  };
  /** @param {string} text */
  const unfinished = (text) =>
    isDate ? !text || text < input.min || text > input.max : !text.trim() || /[-−.,]$/.test(text);
  const show = () => {
    const shown = model.get("shown");
    if (input.value !== shown || input.validity.badInput) input.value = shown;
    if (high) slider.value = asNumber(shown);
  };
  // Typed text stays as it was typed until the box is left.
  const follow = () => {
    if (!touched) show();
  };
  /** @param {{ number: number, left: boolean }} entry */
  const answer = ({ number, left }) => {
    underWay = number !== sent;
    if (next) send(next);
    else if (left) follow();
  };

  input.addEventListener("input", () => {
    touched = true;
    const entry = { text: input.value, enter: false, left: false };
    clearTimeout(timer);
    if (model.get("live") && !unfinished(input.value)) send(entry);
    else if (isDate) timer = setTimeout(leave, DATE_DEBOUNCE_MS, false);
    else timer = setTimeout(send, DEBOUNCE_MS, entry);
  });
  input.addEventListener("blur", () => {
    if (touched || input.validity.badInput) leave(false);
  });
  input.addEventListener("keydown", (event) => {
    // Notebooks would take the keys as commands.
    event.stopPropagation();
    if (event.key === "Enter" && !area) leave(true);
    const step = model.get("step") * ({ ArrowUp: 1, ArrowDown: -1 }[event.key] ?? 0);
    const stepped = Number(asNumber(input.value)) + step;
    if (!step || !Number.isFinite(stepped)) return;
    event.preventDefault();
    input.value = asText(String(Math.round(stepped * 1e6) / 1e6));
    input.dispatchEvent(new Event("input"));
  });

  const tell = () => {
    label.textContent = model.get("description");
    input.placeholder = model.get("placeholder");
    if (isDate) [input.min, input.max] = model.get("limits");
    const said = model.get("message");
    const message = said || model.get("help");
    const wrong = Boolean(said) && model.get("wrong");
    // Between the label and the box, so that the boxes of a row stay in line; inserted again, so that it is heard.
    const role = wrong ? "alert" : said ? "status" : "note";
    if (!message) told.remove();
    else if (!told.isConnected || told.textContent !== message || told.getAttribute("role") !== role) {
      told.remove();
      told.setAttribute("role", role);
      told.className = wrong ? "" : "sw-note";
      told.textContent = message;
      label.after(told);
    }
    input.setAttribute("aria-invalid", String(wrong));
    if (message) input.setAttribute("aria-describedby", told.id);
    else input.removeAttribute("aria-describedby");
  };
  el.append(label, input, ...(high ? [slider] : []));
  tell();
  show();
  const looks = ["description", "help", "placeholder", "limits", "message", "wrong"].map((name) => `change:${name}`);
  for (const name of looks) model.on(name, tell);
  model.on("change:shown", follow);
  model.on("msg:custom", answer);
  return () => {
    clearTimeout(timer);
    for (const name of looks) model.off(name, tell);
    model.off("change:shown", follow);
    model.off("msg:custom", answer);
  };
}

export default { render };
