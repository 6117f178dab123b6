// Files come in by the button, by dropping them anywhere on the page, or by pasting them.

import { byId, element } from "./markup";

export class Opening {
  readonly #input: HTMLInputElement;
  readonly #drop: HTMLElement;
  /** How many elements under the pointer a dragged file has entered. */
  #entered = 0;

  constructor(readonly opened: (files: File[]) => void) {
    this.#input = byId<HTMLInputElement>("file");
    this.#drop = byId("drop");
    this.#input.addEventListener("change", () => {
      this.opened([...(this.#input.files ?? [])]);
      this.#input.value = "";
    });
    for (const button of document.querySelectorAll("[data-open]")) {
      button.addEventListener("click", () => this.#input.click());
    }
    // Before the editor sees them, which would take a file for text to insert.
    const early = { capture: true };
    window.addEventListener("dragenter", (event) => this.#dragged(event, 1), early);
    window.addEventListener("dragleave", (event) => this.#dragged(event, -1), early);
    window.addEventListener("dragover", (event) => holdsFiles(event.dataTransfer) && event.preventDefault(), early);
    window.addEventListener("drop", (event) => this.#taken(event, event.dataTransfer), early);
    window.addEventListener("paste", (event) => {
      if (!event.clipboardData?.types.includes("text/plain")) {
        this.#taken(event, event.clipboardData);
      }
    }, early);
  }

  #dragged(event: DragEvent, step: 1 | -1): void {
    if (holdsFiles(event.dataTransfer)) {
      event.preventDefault();
      this.#entered += step;
      this.#drop.hidden = this.#entered <= 0;
    }
  }

  #taken(event: Event, data: DataTransfer | null): void {
    this.#entered = 0;
    this.#drop.hidden = true;
    if (holdsFiles(data)) {
      event.preventDefault();
      event.stopPropagation();
      this.opened([...(data?.files ?? [])]);
    }
  }
}

const holdsFiles = (data: DataTransfer | null): boolean => data?.types.includes("Files") ?? false;

/** Asks which of several texts is wanted; `undefined` if none. */
export function chooseText<T extends { name: string }>(texts: T[]): Promise<T | undefined> {
  const dialog = byId<HTMLDialogElement>("choose");
  let chosen: T | undefined;
  const choices = texts.map((text) => {
    const pick = () => {
      chosen = text;
      dialog.close();
    };
    return element("li", {}, element("button", { type: "button", click: pick }, text.name));
  });
  byId("choices").replaceChildren(...choices);
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(chosen), { once: true }));
}
