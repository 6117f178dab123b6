// Builds elements. Text always goes in as text, so nothing in a message can become markup.

type Child = Node | string | null | false;
type Attributes = Record<string, string | number | boolean | null | ((event: never) => void)>;

/** An element; functions among the attributes are listeners, `false` and `null` leave an attribute out. */
export function element<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[T] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      node.addEventListener(name, value as EventListener);
    } else if (value !== null && value !== false) {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  node.append(...children.filter((child) => child !== null && child !== false));
  return node;
}

/** Text for screen readers alone. */
export const unseen = (text: string): HTMLElement => element("span", { class: "unseen" }, text);

/** A sign that screen readers pass over, since a word beside it says the same. */
export const sign = (text: string): HTMLElement => element("span", { class: "sign", "aria-hidden": "true" }, text);

/** The element of that id, which index.html is known to have. */
export function byId<E extends HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (!found) {
    throw new Error(`no element #${id}`);
  }
  return found as E;
}
