// Window and view in the tab's own memory, for a reload: times alone, and only for the chart they were set on.
const NAME = "duanlian-time-";

export function keep(key, token, said) {
  try {
    sessionStorage.setItem(NAME + key, JSON.stringify({ token, ...said }));
  } catch {
    // A browser that forbids it only forgets.
  }
}

export function kept(key, token) {
  try {
    const found = JSON.parse(sessionStorage.getItem(NAME + key) ?? "null");
    return found?.token === token ? found : null;
  } catch {
    return null;
  }
}
