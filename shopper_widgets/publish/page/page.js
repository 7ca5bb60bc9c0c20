// @ts-check
// Draws every chart of the report from the specification beside it. Nothing is loaded, and no text becomes code.
/** @param {string} uri */
const refuse = (uri) => Promise.reject(new Error(`it asks for an address (${uri}), and a report loads nothing`));
const loader = { load: refuse, sanitize: refuse, http: refuse, file: refuse };
const options = { actions: false, renderer: "svg", ast: true, defaultStyle: false, logLevel: 1, loader };

/** @type {NodeListOf<HTMLElement>} */
const figures = document.querySelectorAll("figure.chart");
for (const figure of figures) {
  const place = /** @type {HTMLElement} */ (figure.querySelector(".plot"));
  try {
    const json = /** @type {HTMLElement} */ (figure.querySelector("script[type='application/json']"));
    const spec = JSON.parse(json.textContent);
    const { view } = await globalThis.shopperVegaEmbed(place, spec, options);
    for (const name of ["role", "aria-roledescription", "aria-label"]) view.container().removeAttribute(name);
    const svg = /** @type {SVGElement} */ (place.querySelector("svg.marks"));
    svg.firstElementChild?.setAttribute("aria-hidden", "true"); // Vega's marks are unnamed graphics otherwise
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", figure.dataset.description ?? "");
  } catch (error) {
    place.textContent = `This chart can't be drawn: ${error instanceof Error ? error.message : error}`;
  }
}
document.documentElement.dataset.ready = "true";
