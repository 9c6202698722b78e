// Entry of the component: Streamlit calls the default function at every new message, with the same parent element.
import { createApp } from "./app.js";

const APP = Symbol("duanlian canvas");

export default function networkCanvas(component) {
  const host = component.parentElement;
  // The instance lives on the parent element, not in the module: two charts on one page must not share it.
  host[APP] ??= createApp(host, component.data.key);
  host[APP].receive(component);
  return () => {
    host[APP]?.leave();
    delete host[APP];
  };
}
