// @ts-check
// Draws all charts of the report from the specifications next to them. Nothing is loaded, and no text becomes code.
/** @param {string} uri */
const refuse = (uri) => Promise.reject(new Error(`it asks for an address (${uri}), and a report loads nothing`));
const loader = { load: refuse, sanitize: refuse, http: refuse, file: refuse };
const plain = { actions: false, renderer: "svg", ast: true, defaultStyle: false, logLevel: 1, loader };

/**
 * Vega is compressed in the page, which takes less than half of the space. The page's policy names its digest.
 * @param {Element} packed
 */
async function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed.textContent ?? ""), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const script = document.createElement("script");
  script.type = "module";
  script.textContent = await new Response(stream).text();
  const ready = new Promise((resolve, reject) => {
    addEventListener("shopper-charts", resolve, { once: true });
    addEventListener("error", reject, { once: true });
  });
  document.head.append(script);
  await ready;
}

/** @type {NodeListOf<HTMLElement>} */
const figures = document.querySelectorAll("figure.chart");
const packed = document.querySelector("script[type='application/gzip']");
if (packed) {
  await unpack(packed).catch((error) => {
    // A browser that can't decompress it shows the pictures for browsers without scripts.
    for (const figure of figures) {
      const picture = /** @type {HTMLElement} */ (figure.querySelector("noscript"));
      /** @type {HTMLElement} */ (figure.querySelector(".plot")).innerHTML = picture.textContent ?? "";
    }
    throw error;
  });
}
const { isDark, name: nameChart, onPage, onScheme, tools } = globalThis.shopperCharts;

/** @type {NodeListOf<HTMLDetailsElement>} */
const folds = document.querySelectorAll("main > details");
for (const fold of folds) {
  fold.open = false;
  // A chart that was drawn while it was folded away is adapted to the present width of the page.
  fold.addEventListener("toggle", () => window.dispatchEvent(new Event("resize")));
}
/** A link to a section opens it. */
const openSection = () => {
  const place = document.getElementById(location.hash.slice(1));
  const fold = place?.closest("details");
  if (fold) fold.open = true;
};
window.addEventListener("hashchange", openSection);
window.addEventListener("beforeprint", () => {
  for (const fold of folds) fold.open = true;
});

/** Charts in closed folds are drawn here: as wide as the page, and invisible. */
const stage = document.createElement("div");
stage.className = "stage";
stage.setAttribute("aria-hidden", "true");

/**
 * A table in the form that Vega needs: by rows.
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
  const description = figure.dataset.description ?? "";
  for (const old of figure.querySelectorAll(":scope > .tools")) old.remove();
  try {
    const json = /** @type {HTMLElement} */ (figure.querySelector("script[type='application/json']"));
    const spec = JSON.parse(json.textContent);
    for (const name of Object.keys(spec.datasets ?? {})) spec.datasets[name] = inRows(spec.datasets[name]);
    const { title: _, ...picture } = onPage(spec); // the title is above, as text of the page
    const options = { ...plain, tooltip: { theme: isDark() ? "dark" : "light" } };
    figure.classList.toggle("sw-dark", isDark());
    if (figure.closest("details")) stage.append(place);
    const embed = globalThis.shopperVegaEmbed;
    const { view } = await embed(place, picture, options);
    nameChart(view, place, description);
    const beside = document.createElement("div");
    beside.className = "tools";
    beside.append(...tools({ view, embed, spec, options, title: description }));
    figure.append(beside);
  } catch (error) {
    place.textContent = `This chart can't be drawn: ${error instanceof Error ? error.message : error}`;
  }
  if (place.parentElement === stage) figure.insertBefore(place, after);
}

const main = document.querySelector("main");

async function drawAll() {
  stage.style.width = `${/** @type {HTMLElement | null} */ (main?.firstElementChild)?.offsetWidth}px`;
  main?.append(stage);
  for (const figure of figures) if (!figure.closest("details")) await draw(figure);
  for (const figure of figures) if (figure.closest("details")) await draw(figure);
  stage.remove();
}

let drawn = drawAll();
onScheme(() => {
  drawn = drawn.then(drawAll);
});
await drawn;
openSection();
document.documentElement.dataset.ready = "true";
