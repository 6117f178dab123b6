// The language of the page: what it is, and the words that index.html marks with `data-word` or `data-word-label`.

import type { Lang } from "./contract";
import { recall, remember } from "./storage";
import { type Values, type Word, word } from "./words";

let current: Lang = recall("lang") === "en" ? "en" : "id";

export const lang = (): Lang => current;

/** A word in the language of the page. */
export const say = (key: Word, values?: Values): string => word(current, key, values);

/** Writes the words of the page's language where index.html wants them. */
export function showWords(): void {
  document.documentElement.lang = current;
  document.title = say("title");
  for (const node of document.querySelectorAll<HTMLElement>("[data-word]")) {
    node.textContent = say(node.dataset.word as Word);
  }
  for (const node of document.querySelectorAll<HTMLElement>("[data-word-label]")) {
    node.setAttribute("aria-label", say(node.dataset.wordLabel as Word));
    node.title = say(node.dataset.wordLabel as Word);
  }
}

export function switchLanguage(): void {
  current = current === "id" ? "en" : "id";
  remember("lang", current);
  showWords();
}
