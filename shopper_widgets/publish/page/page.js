// @ts-check
// Draws every chart of the report from the specification beside it. Nothing is loaded, and no text becomes code.
/** @param {string} uri */
const refuse = (uri) => Promise.reject(new Error(`it asks for an address (${uri}), and a report loads nothing`));
const loader = { load: refuse, sanitize: refuse, http: refuse, file: refuse };
const plain = { actions: false, renderer: "svg", ast: true, defaultStyle: false, logLevel: 1, loader };

/**
 * Vega lies packed in the page, which takes less than half of its room. The page's policy names its digest.
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
    // A browser that can't do it shows what those without scripts see.
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
  // What was drawn while it was folded away takes the width of the page as it is now.
  fold.addEventListener("toggle", () => window.dispatchEvent(new Event("resize")));
}
/** Whoever follows a link to a section wants to read it. */
const openSection = () => {
  const place = document.getElementById(location.hash.slice(1));
  const fold = place?.closest("details");
  if (fold) fold.open = true;
};
window.addEventListener("hashchange", openSection);
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
  const description = figure.dataset.description ?? "";
  for (const old of figure.querySelectorAll(":scope > .tools")) old.remove();
  try {
    const json = /** @type {HTMLElement} */ (figure.querySelector("script[type='application/json']"));
    const spec = JSON.parse(json.textContent);
    for (const name of Object.keys(spec.datasets ?? {})) spec.datasets[name] = inRows(spec.datasets[name]);
    const { title: _, ...picture } = onPage(spec); // it stands above, as text of the page
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
