// Entry of the overview: Streamlit calls the default function at every new message, with the same parent element.
import { createOverview } from "./overview.js";

const OVERVIEW = Symbol("duanlian overview");

export default function networkOverview(component) {
  const host = component.parentElement;
  // The instance lives on the parent element: two overviews on one page must not share it.
  host[OVERVIEW] ??= createOverview(host, component.data.key);
  host[OVERVIEW].receive(component);
  return () => {
    host[OVERVIEW]?.leave();
    delete host[OVERVIEW];
  };
}
