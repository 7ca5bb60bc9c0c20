// @ts-check
// One Vega chart. Python owns `spec`, `selections` and `description`; the browser reports selections back.
const REPORT_EVERY_MS = 30;

/** @import { AnyModel } from "@anywidget/types" */
/** @typedef {Record<string, any>[] | Record<string, any[]>} Selection the rows of points, or the ends of an interval */
/**
 * The traits that `chart_view.py` synchronizes.
 * @typedef {{
 *   spec: Record<string, any>, selections: Record<string, Selection>, description: string, _runtime: string,
 * }} State
 */

// A page may hold many charts but only one Vega; a failed load is tried again by the next chart.
/**
 * @param {AnyModel<State>} model
 * @returns {Promise<VegaEmbed>}
 */
function loadVega(model) {
  globalThis.shopperVegaLoading ??= (async () => {
    const runtime = await model.widget_manager.get_model(model.get("_runtime").replace("IPY_MODEL_", ""));
    const url = URL.createObjectURL(new Blob([runtime.get("source")], { type: "text/javascript" }));
    return (await import(url)).default;
  })().catch((error) => {
    globalThis.shopperVegaLoading = undefined;
    throw error;
  });
  return globalThis.shopperVegaLoading;
}

/** @type {(view: VegaView, name: string, isPoint: boolean) => Selection} */
function readSelection(view, name, isPoint) {
  const rows = view.data(`${name}_store`).map(({ fields, values }) =>
    Object.fromEntries(fields.map(({ field }, i) => {
      const value = values[i];
      return [field, !isPoint && typeof value[0] !== "string" ? [...value].sort((a, b) => a - b) : value];
    })));
  return JSON.parse(JSON.stringify(isPoint ? rows : (rows[0] ?? {})));
}

// Converting to pixels and back loses the last digits: a value that Python set stays exactly as it was set.
/** @type {(a: any, b: any) => boolean} */
function sameSelection(a, b) {
  if (typeof a === "number" && typeof b === "number") return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => sameSelection(a[key], b[key]));
}

/** @type {(view: VegaView, name: string, value: Selection) => void} */
function writeSelection(view, name, value) {
  /** @type {VegaField[]} */
  const fields = view.signal(`${name}_tuple_fields`);
  if (Array.isArray(value)) {
    view.data(`${name}_store`, value.map((row) => ({ unit: "", fields, values: fields.map((f) => row[f.field]) })));
    return;
  }
  // Vega-Lite's own names of signals: the field's, then the channel's, with a number if a name is taken.
  const taken = new Set();
  /** @param {string} part */
  const signal = (part) => {
    const first = `${name}_${part}`.replace(/\W/g, "_");
    let free = first;
    for (let i = 1; taken.has(free); i++) free = `${first}_${i}`;
    taken.add(free);
    return free;
  };
  for (const { field, channel } of fields) {
    signal(field);
    const scale = view.scale(channel);
    view.signal(signal(channel), value[field] ? value[field].map((v) => scale(v)).sort((a, b) => a - b) : [0, 0]);
  }
}

// The title as text of the page: unlike the title in a picture, it wraps on a narrow page.
/** @param {any} title in Vega-Lite's forms: a text, its lines, or an object with either and a subtitle */
function words(title) {
  const parts = typeof title === "string" || Array.isArray(title) ? { text: title } : (title ?? {});
  return ["text", "subtitle"].filter((name) => parts[name]?.length).map((name) => {
    const node = document.createElement("p");
    node.className = `shopper-chart-${name}`;
    node.textContent = globalThis.shopperCharts.unbroken([parts[name]].flat().join(" "));
    return node;
  });
}

/** @param {{ model: AnyModel<State>, el: HTMLElement }} place */
function render({ model, el }) {
  /** @type {VegaView | undefined} */
  let view;
  /** @type {object | undefined} */
  let shownSpec;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {(() => void) | undefined} */
  let forgetScheme;
  let width = 0, turn = 0, stale = true, phone = false;
  el.classList.add("shopper-chart");

  /** @param {any} error */
  const fail = (error) => {
    const message = document.createElement("p");
    message.setAttribute("role", "alert");
    message.textContent = `This chart can't be drawn: ${error.message ?? error}`;
    el.replaceChildren(message);
  };
  /** @param {string} uri */
  const refuse = (uri) => {
    const error = new Error(`it asks for an address (${uri}), and charts load nothing`);
    fail(error);
    return Promise.reject(error);
  };
  const clear = () => {
    clearTimeout(timer);
    timer = undefined;
    view?.finalize();
    view = undefined;
    el.replaceChildren();
  };

  /** @param {VegaView} view */
  const current = (view) => Object.fromEntries(Object.entries(model.get("selections")).map(([name, known]) => {
    const now = readSelection(view, name, Array.isArray(known));
    return [name, sameSelection(now, known) ? known : now];
  }));
  const report = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      if (!view || model.get("spec") !== shownSpec) return;
      model.set("selections", current(view));
      model.save_changes();
    }, REPORT_EVERY_MS);
  };
  const follow = async () => {
    if (!view || timer || model.get("spec") !== shownSpec) return; // drawing a chart does this, too
    const shown = current(view);
    for (const [name, wanted] of Object.entries(model.get("selections"))) {
      if (!sameSelection(shown[name], wanted)) writeSelection(view, name, wanted);
    }
    await view.runAsync();
  };
  const describe = () => {
    // A chart that is being drawn is described when it is done.
    if (view) globalThis.shopperCharts.name(view, el, model.get("description"));
  };

  const draw = async () => {
    const mine = ++turn;
    const spec = model.get("spec");
    stale = false;
    el.style.minHeight = `${el.offsetHeight}px`; // the page doesn't jump while a chart is replaced
    try {
      if (!spec || !Object.keys(spec).length) return clear();
      const embed = await loadVega(model);
      if (mine !== turn) return;
      clear();
      const { isDark, isPhone, onPage, onScheme, tools } = globalThis.shopperCharts;
      phone = isPhone();
      forgetScheme ??= onScheme(redraw);
      el.classList.toggle("sw-dark", isDark());
      const { title, ...picture } = onPage(structuredClone(spec));
      el.append(...words(title));
      const place = el.appendChild(document.createElement("div"));
      const loader = { load: refuse, sanitize: refuse, http: refuse, file: refuse };
      const options = {
        actions: false, renderer: "svg", config: { mark: { aria: false } }, loader, defaultStyle: false, logLevel: 1,
        tooltip: { theme: isDark() ? "dark" : "light" },
      };
      const made = await embed(place, picture, options);
      if (mine !== turn) return made.finalize();
      view = made.view;
      if (spec.width !== "container") {
        place.tabIndex = 0; // it may scroll, and must then be scrollable by keyboard
        place.classList.add("sw-scroll");
      }
      shownSpec = spec;
      describe();
      el.append(...tools({ view, embed, spec, options, title: model.get("description") }));
      await follow();
      for (const name of Object.keys(model.get("selections"))) view.addSignalListener(name, report);
    } catch (error) {
      if (mine === turn) fail(error);
    } finally {
      if (mine === turn) el.style.minHeight = "";
    }
  };

  // A chart in a hidden tab has no width: it is drawn when it is first visible, and follows its width from then on.
  const observer = new ResizeObserver(() => {
    const now = Math.floor(el.clientWidth);
    if (now === width) return;
    width = now;
    const turned = phone !== (globalThis.shopperCharts?.isPhone() ?? phone);
    if (width && (stale || turned)) draw();
    else if (width && view && model.get("spec").width === "container") view.width(width).runAsync();
  });
  const redraw = () => {
    stale = true;
    if (width) draw();
  };
  model.on("change:spec", redraw);
  model.on("change:selections", follow);
  model.on("change:description", describe);
  observer.observe(el);
  return () => {
    turn += 1;
    observer.disconnect();
    forgetScheme?.();
    model.off("change:spec", redraw);
    model.off("change:selections", follow);
    model.off("change:description", describe);
    clear();
  };
}

export default { render };
