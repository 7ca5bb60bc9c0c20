// @ts-check
// What panels and reports do with a chart besides drawing it: its colors on a dark page, its name for screen readers,
// its figures as a table, its picture as a file. Vega's bundle comes before this in the same module, hence the block.

/** @typedef {{ columns: string[], rows: string[][] }} Figures */
/** @typedef {Record<string, string>} Colors light → dark */

{
  //: The most rows of a table that people read; the map of a large shop has thousands of points.
  const MOST_ROWS = 200;
  //: The least width of a picture for a letter or a slide.
  const PICTURE_PX = 720;
  //: A page of at most this width is a phone's, as in panels.css.
  const PHONE_PX = 480;
  //: Parts of a specification with words of the data, which may look like a color.
  const WORDS = new Set(["data", "datasets", "domain", "sort", "values", "title", "test", "expr", "field"]);
  const NUMBER = /^[^\p{L}\d]*(?:[A-Z]{3} )?\d[\d.,]*(?: ?(?:%|k|M|bn))?$/u;

  /** JupyterLab and the served page say whether they are dark; elsewhere the reader's setting counts. */
  function isDark() {
    const light = document.body.dataset.jpThemeLight;
    return light ? light === "false" : Boolean(globalThis.matchMedia?.("(prefers-color-scheme: dark)").matches);
  }

  function isPhone() {
    return globalThis.innerWidth <= PHONE_PX;
  }

  /**
   * Call back whenever the page turns dark or light; the returned function ends this.
   * @param {() => void} callback
   */
  function onScheme(callback) {
    let known = isDark();
    const look = () => {
      if (isDark() === known) return;
      known = !known;
      callback();
    };
    const media = globalThis.matchMedia?.("(prefers-color-scheme: dark)");
    const observer = new MutationObserver(look);
    observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
    media?.addEventListener("change", look);
    return () => {
      observer.disconnect();
      media?.removeEventListener("change", look);
    };
  }

  /**
   * A specification with other colors.
   * @param {any} part
   * @param {Colors} colors
   * @returns {any}
   */
  function recolored(part, colors) {
    if (typeof part === "string") return Object.hasOwn(colors, part) ? colors[part] : part;
    if (Array.isArray(part)) return part.map((each) => recolored(each, colors));
    if (part === null || typeof part !== "object") return part;
    return Object.fromEntries(
      Object.entries(part).map(([key, value]) => [key, WORDS.has(key) ? value : recolored(value, colors)]),
    );
  }

  /**
   * A chart for the page as it is now, with the page as its background.
   * @param {Record<string, any>} spec
   */
  function onPage(spec) {
    const drawn = isDark() ? recolored(spec, globalThis.shopperCharts.dark ?? {}) : spec;
    const config = { ...drawn.config, background: "transparent" };
    // Long labels leave little of a phone's width: the title of an axis ends where the axis ends, and may begin below
    // the labels.
    if (isPhone()) config.axisX = { ...config.axisX, titleAnchor: "end" };
    return { ...drawn, config };
  }

  /**
   * Keep figures and their units on one line.
   * @param {string} text
   */
  function unbroken(text) {
    return text.replace(/(?<=\d) (?=(?:k|M|bn|%)(?!\w))/g, "\u00a0");
  }

  /**
   * Give a drawn chart its name; its marks have none.
   * @param {VegaView} view
   * @param {Element} place
   * @param {string} description
   */
  function name(view, place, description) {
    for (const attribute of ["role", "aria-roledescription", "aria-label"]) view.container().removeAttribute(attribute);
    const svg = place.querySelector("svg.marks");
    svg?.firstElementChild?.setAttribute("aria-hidden", "true"); // otherwise Vega's marks are unnamed graphics
    svg?.setAttribute("role", "img");
    svg?.setAttribute("aria-label", description);
  }

  /**
   * The figures of a chart: the tooltips of its marks, each once.
   * @param {VegaView} view
   * @returns {Figures}
   */
  function figures(view) {
    /** @type {Map<string, Record<string, any>>} */
    const told = new Map();
    /** @param {VegaItem} item */
    const visit = ({ tooltip, items = [] }) => {
      if (tooltip && typeof tooltip === "object") told.set(JSON.stringify(tooltip), tooltip);
      for (const below of items) visit(below);
    };
    visit(view.scenegraph().root);
    const columns = [...new Set([...told.values()].flatMap(Object.keys))];
    const rows = [...told.values()].map((row) => columns.map((column) => String(row[column] ?? "")));
    return { columns: columns.map((column) => column.trim() || "What"), rows };
  }

  /** @param {string} tag @param {Record<string, string>} attributes @param {(Node | string)[]} children */
  function make(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [attribute, value] of Object.entries(attributes)) node.setAttribute(attribute, value);
    node.append(...children);
    return node;
  }

  /** @param {Figures} figures @param {string} caption */
  function table({ columns, rows }, caption) {
    const right = columns.map((_, place) => rows.every((row) => !row[place] || NUMBER.test(row[place])));
    /** @param {number} place @returns {Record<string, string>} */
    const look = (place) => (right[place] ? { class: "sw-number" } : {});
    const head = columns.map((column, place) => make("th", { scope: "col", ...look(place) }, column));
    const body = rows
      .slice(0, MOST_ROWS)
      .map((row) => make("tr", {}, ...row.map((text, place) => make("td", look(place), text))));
    const whole = rows.length > MOST_ROWS ? ` (the first ${MOST_ROWS} of ${rows.length.toLocaleString("en")})` : "";
    return make(
      "div",
      { class: "sw-scroll", role: "region", tabindex: "0", "aria-label": `Figures: ${caption}` },
      make(
        "table",
        { class: "sw-table" },
        make("caption", {}, caption + whole),
        make("thead", {}, make("tr", {}, ...head)),
        make("tbody", {}, ...body),
      ),
    );
  }

  /**
   * Save a chart's picture on white and with its title, for letters and slides, whatever the page looks like.
   * @param {VegaEmbed} embed
   * @param {Record<string, any>} spec
   * @param {object} options
   * @param {"png" | "svg"} kind
   * @param {string} file its name, without the ending
   */
  async function savePicture(embed, spec, options, kind, file) {
    const aside = document.body.appendChild(make("div", { class: "shopper-chart-aside", "aria-hidden": "true" }));
    try {
      const wide = spec.width === "container" ? { width: PICTURE_PX } : {};
      const { view, finalize } = await embed(aside, { ...structuredClone(spec), ...wide }, options);
      const url = await view.toImageURL(kind, kind === "png" ? 2 : 1);
      finalize();
      make("a", { href: url, download: `${file}.${kind}` }).click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    } finally {
      aside.remove();
    }
  }

  /**
   * Buttons for a drawn chart: one opens its figures as a table below the buttons, others save its picture.
   * @param {{ view: VegaView, embed: VegaEmbed, spec: Record<string, any>, options: object, title: string }} chart
   */
  function tools({ view, embed, spec, options, title }) {
    const below = make("div", {});
    /** @param {string} text @param {(button: HTMLElement) => void} act */
    const button = (text, act) => {
      const node = make("button", { type: "button", "aria-label": `${text}: ${title}` }, text);
      node.addEventListener("click", () => act(node));
      return node;
    };
    const file = title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 60) || "chart";
    /** @param {"png" | "svg"} kind */
    const picture = (kind) =>
      button(kind.toUpperCase(), () => {
        savePicture(embed, spec, options, kind, file).catch((error) => {
          below.replaceChildren(make("p", { role: "alert" }, `The picture can't be made: ${error.message ?? error}`));
        });
      });
    // `theme.py` gives the word in languages other than English.
    const open = button(spec.usermeta?.table ?? "Table", (node) => {
      const shown = node.getAttribute("aria-expanded") !== "true";
      node.setAttribute("aria-expanded", String(shown));
      below.replaceChildren(...(shown ? [table(figures(view), title)] : []));
    });
    open.setAttribute("aria-expanded", "false");
    const buttons = figures(view).rows.length ? [open] : [];
    const row = make("div", { class: "shopper-chart-tools" }, ...buttons, picture("png"), picture("svg"));
    return [row, below];
  }

  globalThis.shopperCharts = { isDark, isPhone, onScheme, onPage, unbroken, name, figures, tools };
}
