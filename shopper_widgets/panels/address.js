// @ts-check
// Keeps the page's address in step with its state: a link shows a colleague the same view, and "back" goes back.

/** @import { AnyModel } from "@anywidget/types" */
/** @typedef {{ query: string, replace: boolean }} Told */

/** @param {{ model: AnyModel<{}> }} view */
function render({ model }) {
  const ask = () => model.send({ query: location.search });
  /** @param {Told} told */
  const show = ({ query, replace }) => {
    if (query === location.search) return;
    const address = location.pathname + query + location.hash;
    if (replace) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
  };
  model.on("msg:custom", show);
  addEventListener("popstate", ask);
  if (location.search) ask();
  return () => {
    model.off("msg:custom", show);
    removeEventListener("popstate", ask);
  };
}

export default { render };
