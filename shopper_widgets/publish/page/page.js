// Draws every chart of the report from the specification beside it. Nothing is loaded, and no text becomes code.
const refuse = (uri) => Promise.reject(new Error(`it asks for an address (${uri}), and a report loads nothing`));
const loader = { load: refuse, sanitize: refuse, http: refuse, file: refuse };
const options = { actions: false, renderer: "svg", ast: true, defaultStyle: false, logLevel: 1, loader };

for (const figure of document.querySelectorAll("figure.chart")) {
  const place = figure.querySelector(".plot");
  try {
    const spec = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    const { view } = await globalThis.shopperVegaEmbed(place, spec, options);
    for (const name of ["role", "aria-roledescription", "aria-label"]) view.container().removeAttribute(name);
    const svg = place.querySelector("svg.marks");
    svg.firstElementChild?.setAttribute("aria-hidden", "true"); // Vega's marks are unnamed graphics otherwise
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", figure.dataset.description);
  } catch (error) {
    place.textContent = `This chart can't be drawn: ${error.message ?? error}`;
  }
}
document.documentElement.dataset.ready = "true";
