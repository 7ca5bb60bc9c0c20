// @ts-check
// Draws every chart of the report from the specification beside it. Nothing is loaded, and no text becomes code.
/** @param {string} uri */
const refuse = (uri) => Promise.reject(new Error(`it asks for an address (${uri}), and a report loads nothing`));
const loader = { load: refuse, sanitize: refuse, http: refuse, file: refuse };
const options = { actions: false, renderer: "svg", ast: true, defaultStyle: false, logLevel: 1, loader };

/** @type {NodeListOf<HTMLDetailsElement>} */
const folds = document.querySelectorAll("main > details");
for (const fold of folds) {
  fold.open = false;
  // What was drawn while it was folded away takes the width of the page as it is now.
  fold.addEventListener("toggle", () => window.dispatchEvent(new Event("resize")));
}
window.addEventListener("beforeprint", () => {
  for (const fold of folds) fold.open = true;
});

/** Where charts that are folded away are drawn: as wide as the page, and nowhere to be seen. */
const stage = document.createElement("div");
stage.className = "stage";
stage.setAttribute("aria-hidden", "true");

/**
 * A table as Vega takes it: in rows.
 * @param {any} table
 */
function inRows(table) {
  if (!table.columns) return table;
  const names = Object.keys(table.columns);
  const [first = []] = Object.values(table.columns);
  return first.map((/** @type {any} */ _, /** @type {number} */ row) =>
    Object.fromEntries(names.map((name) => [name, table.columns[name][row]])),
  );
}

/** @param {HTMLElement} figure */
async function draw(figure) {
  const place = /** @type {HTMLElement} */ (figure.querySelector(".plot"));
  const after = place.nextSibling;
  try {
    const json = /** @type {HTMLElement} */ (figure.querySelector("script[type='application/json']"));
    const spec = JSON.parse(json.textContent);
    for (const name of Object.keys(spec.datasets ?? {})) spec.datasets[name] = inRows(spec.datasets[name]);
    if (figure.closest("details")) stage.append(place);
    const { view } = await globalThis.shopperVegaEmbed(place, spec, options);
    for (const name of ["role", "aria-roledescription", "aria-label"]) view.container().removeAttribute(name);
    const svg = /** @type {SVGElement} */ (place.querySelector("svg.marks"));
    svg.firstElementChild?.setAttribute("aria-hidden", "true"); // Vega's marks are unnamed graphics otherwise
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", figure.dataset.description ?? "");
  } catch (error) {
    place.textContent = `This chart can't be drawn: ${error instanceof Error ? error.message : error}`;
  }
  if (place.parentElement === stage) figure.insertBefore(place, after);
}

/** @type {NodeListOf<HTMLElement>} */
const figures = document.querySelectorAll("figure.chart");
const main = document.querySelector("main");
stage.style.width = `${/** @type {HTMLElement | null} */ (main?.firstElementChild)?.offsetWidth}px`;
main?.append(stage);
for (const figure of figures) if (!figure.closest("details")) await draw(figure);
for (const figure of figures) if (figure.closest("details")) await draw(figure);
stage.remove();
document.documentElement.dataset.ready = "true";
