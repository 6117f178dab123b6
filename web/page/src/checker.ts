// Calls the library, which runs in a worker. Of many texts to check only the last matters; the others are passed over.

import type { Call, Calls, Checked, Request } from "./contract";
import { trusted } from "./trusted";

interface Waiting {
  resolve: (answer: never) => void;
  reject: (trouble: Error) => void;
}

export class Checker {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Promise<Worker> | undefined;
  #last = 0;
  /** Whether a check is under way, and what is to be checked after it. */
  #checking = false;
  #next: [text: string, request: Request] | undefined;

  /** `found` is given what was found in a text; `failed` why a text cannot be checked. */
  constructor(
    readonly found: (text: string, checked: Checked, request: Request) => void,
    readonly failed: (trouble: Error) => void,
  ) {}

  /** Starts the worker before anything is asked of it. */
  start(): Promise<Worker> {
    this.#worker ??= this.#begin().catch((trouble: unknown) => {
      this.#worker = undefined;
      throw trouble;
    });
    return this.#worker;
  }

  async #begin(): Promise<Worker> {
    const { worker: script, library } = await import("santun:engine");
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const worker = new Worker(trusted(address));
    worker.addEventListener("message", ({ data }) => this.#answered(data));
    worker.addEventListener("error", (event) => this.#ended(new Error(event.message)));
    worker.postMessage(library);
    return worker;
  }

  #answered({ id, answer, trouble }: { id: number; answer?: string; trouble?: string }): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (answer !== undefined) {
      waiting?.resolve(JSON.parse(answer) as never);
    } else {
      const error = new Error(trouble);
      waiting?.reject(error);
      this.#ended(error);
    }
  }

  /** A library that stopped in the middle cannot be trusted any more: the next call begins with a new one. */
  #ended(trouble: Error): void {
    void this.#worker?.then((worker) => worker.terminate());
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) {
      reject(trouble);
    }
    this.#waiting.clear();
  }

  async call<C extends Call>(call: C, ...args: Calls[C]["args"]): Promise<Calls[C]["result"]> {
    const worker = await this.start();
    const id = (this.#last += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, call, args });
    });
  }

  /** Checks the text as soon as what is being checked is done. */
  check(text: string, request: Request): void {
    if (this.#checking) {
      this.#next = [text, request];
      return;
    }
    this.#checking = true;
    this.call("check", text, request)
      .then((checked) => this.found(text, checked, request), (trouble: Error) => this.failed(trouble))
      .finally(() => {
        this.#checking = false;
        const next = this.#next;
        this.#next = undefined;
        if (next) {
          this.check(...next);
        }
      });
  }
}
