// Tabs as the ARIA practices describe them: arrows go from one to the next, Tab goes into the panel.

export class Tabs {
  readonly #tabs: HTMLElement[];

  constructor(list: HTMLElement) {
    this.#tabs = [...list.querySelectorAll<HTMLElement>("[role=tab]")];
    for (const [at, tab] of this.#tabs.entries()) {
      tab.addEventListener("click", () => this.choose(at));
      tab.addEventListener("keydown", ({ key }) => {
        const last = this.#tabs.length - 1;
        const goal = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[key];
        if (goal !== undefined) {
          this.choose(goal);
          this.#tabs[goal]?.focus();
        }
      });
    }
  }

  choose(chosen: number): void {
    for (const [at, tab] of this.#tabs.entries()) {
      tab.setAttribute("aria-selected", String(at === chosen));
      tab.tabIndex = at === chosen ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls") ?? "")?.toggleAttribute("hidden", at !== chosen);
    }
  }
}
