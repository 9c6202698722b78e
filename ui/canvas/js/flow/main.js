// Entry of the money flow: Streamlit calls the default function at every new message, with the same parent element.
import { createFlow } from "./flow.js";

const FLOW = Symbol("duanlian flow");

export default function moneyFlow(component) {
  const host = component.parentElement;
  // The instance lives on the parent element: two flows on one page must not share it.
  host[FLOW] ??= createFlow(host);
  host[FLOW].receive(component);
  return () => {
    host[FLOW]?.leave();
    delete host[FLOW];
  };
}
