// Entry of the time axis: Streamlit calls the default function at every new message, with the same parent element.
import { createTime } from "./time.js";

const TIME = Symbol("duanlian time");

export default function timeAxis(component) {
  const host = component.parentElement;
  // The instance lives on the parent element: two axes on one page must not share it.
  host[TIME] ??= createTime(host);
  host[TIME].receive(component);
  return () => {
    host[TIME]?.leave();
    delete host[TIME];
  };
}
