// The settings as a santun.toml: kept in the browser, read from a file, written into one.
//
// Keys that the page does not ask for stay as they came, so a file of an agency loses nothing but its comments here.

import { parse, stringify, type TomlTable, type TomlValue } from "smol-toml";

import { recall, remember } from "./storage";

const isTable = (value: TomlValue | undefined): value is TomlTable =>
  typeof value === "object" && !Array.isArray(value) && !(value instanceof Date);

function read(text: string): TomlTable | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

export class Settings {
  #table: TomlTable = read(recall("settings") ?? "") ?? {};
  #text = stringify(this.#table);

  /** `changed` is called after every change. */
  constructor(readonly changed: () => void) {}

  /** As a santun.toml. */
  get toml(): string {
    return this.#text;
  }

  #keep(): void {
    for (const [key, value] of Object.entries(this.#table)) {
      if (isTable(value) && Object.keys(value).length === 0) {
        delete this.#table[key];
      }
    }
    this.#text = stringify(this.#table);
    remember("settings", this.#text.trim() === "" ? null : this.#text);
    this.changed();
  }

  /** Takes a file in place of what was set; says whether it can be read. */
  take(text: string): boolean {
    const table = read(text);
    if (table) {
      this.#table = table;
      this.#keep();
    }
    return table !== undefined;
  }

  reset(): void {
    this.#table = {};
    this.#keep();
  }

  #section(name: string): TomlTable {
    const own = this.#table[name];
    return isTable(own) ? own : {};
  }

  get(section: "agency" | "identity", key: string): TomlValue | undefined {
    return this.#section(section)[key];
  }

  /** Sets a key; `undefined` takes it away. */
  set(section: "agency" | "identity" | "rules", key: string, value: TomlValue | undefined): void {
    const own = this.#section(section);
    this.#table[section] = own;
    if (value === undefined) {
      delete own[key];
    } else {
      own[key] = value;
    }
    this.#keep();
  }

  /** Whether a rule is asked; `shipped` says whether it is without settings. */
  isOn(rule: string, shipped: boolean): boolean {
    const rules = this.#section("rules");
    const level = [rules[rule], rules[rule.split("/")[0] ?? ""]]
      .map((value) => (isTable(value) ? value["severity"] : value))
      .find((value) => value !== undefined);
    return level === undefined ? shipped : level !== "off";
  }

  /** Switches a rule on or off; the rest of what is set for it stays. */
  switchRule(rule: string, on: boolean, shipped: boolean): void {
    const own = this.#section("rules")[rule];
    const rest = isTable(own) ? { ...own } : {};
    delete rest["severity"];
    const others = Object.keys(rest).length > 0;
    this.set("rules", rule, others ? rest : undefined);
    if (this.isOn(rule, shipped) !== on) {
      const level = on ? "on" : "off";
      this.set("rules", rule, others ? { ...rest, severity: level } : level);
    }
  }
}
