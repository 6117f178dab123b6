// Says short things: on a slip at the foot of the page for a while, and to screen readers.

import { byId } from "./markup";

const SHOWN_MS = 5000;
/** While somebody types, what is found is not read out at every key. */
const QUIET_MS = 1200;

export class Announcer {
  readonly #slip = byId("slip");
  readonly #summary = byId("summary");
  #hiding = 0;
  #telling = 0;

  /** What a button has done. */
  say(text: string): void {
    this.#slip.textContent = text;
    this.#slip.dataset["shown"] = "";
    clearTimeout(this.#hiding);
    this.#hiding = setTimeout(() => delete this.#slip.dataset["shown"], SHOWN_MS);
  }

  /** How the message stands, once the keys rest; for ears alone. */
  sum(text: string): void {
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => {
      this.#summary.textContent = text;
    }, QUIET_MS);
  }
}
