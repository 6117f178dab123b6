// Light or dark: as the system says until the button says otherwise. The dark colours are a sheet of their own.

import { say } from "./language";
import { recall, remember } from "./storage";

const SYSTEM = "(prefers-color-scheme: dark)";

export class Theme {
  readonly #button: HTMLButtonElement;
  readonly #sheet: HTMLLinkElement | HTMLStyleElement;
  readonly #system = matchMedia(SYSTEM);

  constructor(button: HTMLButtonElement, sheet: HTMLLinkElement | HTMLStyleElement) {
    this.#button = button;
    this.#sheet = sheet;
    button.addEventListener("click", () => {
      const wanted = this.#isDark() ? "light" : "dark";
      // Back at what the system says, it is followed again.
      remember("theme", (wanted === "dark") === this.#system.matches ? null : wanted);
      this.show();
    });
    this.#system.addEventListener("change", () => this.show());
    this.show();
  }

  #isDark(): boolean {
    const chosen = recall("theme");
    return chosen === null ? this.#system.matches : chosen === "dark";
  }

  show(): void {
    const isDark = this.#isDark();
    this.#sheet.media = isDark ? "screen" : "not all";
    document.documentElement.style.colorScheme = isDark ? "dark" : "light";
    this.#button.setAttribute("aria-label", say(isDark ? "toLight" : "toDark"));
    this.#button.title = say(isDark ? "toLight" : "toDark");
    this.#button.dataset.shown = isDark ? "dark" : "light";
  }
}
