// The form of the settings: the agency's facts, one's own names, and which rules are asked.

import { parse, type TomlValue } from "smol-toml";

import type { About, RuleAbout } from "./contract";
import { download } from "./handover";
import { say } from "./language";
import { byId, element } from "./markup";
import type { Settings } from "./settings";
import type { Word } from "./words";

const FILE = "santun.toml";

/** The facts that are asked for, and what they are called. */
const FACTS: Record<string, Word> = {
  names: "factNames",
  domains: "factDomains",
  contacts: "factContacts",
  accounts: "factAccounts",
  archive: "factArchive",
  people: "factPeople",
  positions: "factPositions",
  address_terms: "factAddressTerms",
  groups: "factGroups",
  election: "factElection",
};

/** Facts that are one text, and those that are yes or no; all others are lists. */
const TEXTS = new Set(["archive"]);
const SWITCHES = new Set(["election"]);

interface Field {
  section: "agency" | "identity";
  key: string;
  title: string;
  help: string;
  example: string;
}

/** A value as the form shows it. */
const told = (value: TomlValue | undefined): string => (Array.isArray(value) ? value.join("; ") : typeof value === "string" ? value : "");

/** An example in TOML as the form would show it. */
const shown = (example: string): string => told(parse(`example = ${example}`)["example"]);

const asList = (text: string): string[] => text.split(";").map((part) => part.trim()).filter((part) => part !== "");

export class SettingsDialog {
  readonly #dialog = byId<HTMLDialogElement>("settings");
  readonly #settings: Settings;
  #about: About | undefined;

  /** `said` is given what a button has done. */
  constructor(settings: Settings, said: (text: string) => void) {
    this.#settings = settings;
    const input = byId<HTMLInputElement>("settings-file");
    const on = (id: string, run: () => void) => byId(id).addEventListener("click", run);
    on("settings-open", () => this.#dialog.showModal());
    on("settings-done", () => this.#dialog.close());
    on("settings-import", () => input.click());
    on("settings-export", () => download(FILE, settings.toml));
    on("settings-reset", () => {
      settings.reset();
      this.#draw();
      said(say("wasReset"));
    });
    input.addEventListener("change", async () => {
      const [file] = input.files ?? [];
      if (file) {
        const taken = settings.take(await file.text());
        this.#draw();
        said(say(taken ? "imported" : "notImported", { name: file.name }));
      }
      input.value = "";
    });
    byId<HTMLInputElement>("rule-search").addEventListener("input", () => this.#sift());
  }

  /** What there is to set, in the language of the page. */
  show(about: About): void {
    this.#about = about;
    this.#draw();
  }

  /** After a setting was changed elsewhere. */
  refresh(): void {
    this.#draw();
  }

  #draw(): void {
    if (!this.#about) {
      return;
    }
    const { agency, rules } = this.#about;
    const facts = agency.flatMap((fact) => {
      const title = FACTS[fact.key];
      return title ? [this.#field({ ...fact, section: "agency", title: say(title), example: shown(fact.example) })] : [];
    });
    const own = { section: "identity", key: "names", title: say("identityTitle"), help: say("identityHelp"), example: "Admin Dinas X" } as const;
    byId("facts").replaceChildren(...facts);
    byId("identity").replaceChildren(this.#field(own));
    const themes = new Map<string, RuleAbout[]>();
    for (const rule of rules) {
      themes.set(rule.theme, [...(themes.get(rule.theme) ?? []), rule]);
    }
    byId("rules").replaceChildren(
      ...[...themes].map(([theme, members]) =>
        element("fieldset", {}, element("legend", {}, theme), ...members.map((rule) => this.#rule(rule))),
      ),
    );
    this.#count();
    this.#sift();
  }

  #field(field: Field): HTMLElement {
    const { section, key, title, help, example } = field;
    const id = `${section}-${key}`;
    const why = element("p", { class: "why", id: `${id}-help` }, help);
    const value = this.#settings.get(section, key);
    if (SWITCHES.has(key)) {
      const box = element("input", { type: "checkbox", id, "aria-describedby": `${id}-help` });
      box.checked = value === true;
      box.addEventListener("change", () => this.#settings.set(section, key, box.checked || undefined));
      return element("div", { class: "field" }, element("label", { class: "switch" }, box, " ", title), why);
    }
    const box = element("input", { type: "text", id, autocomplete: "off", placeholder: say("exampleOf", { example }), "aria-describedby": `${id}-help` });
    box.value = told(value);
    box.addEventListener("change", () => {
      const list = asList(box.value);
      const single = box.value.trim();
      const said = TEXTS.has(key) ? single || undefined : list.length > 0 ? list : undefined;
      this.#settings.set(section, key, said);
    });
    return element("div", { class: "field" }, element("label", { for: id }, title), why, box);
  }

  #rule(rule: RuleAbout): HTMLElement {
    const box = element("input", { type: "checkbox" });
    box.checked = this.#settings.isOn(rule.id, rule.on);
    box.addEventListener("change", () => {
      this.#settings.switchRule(rule.id, box.checked, rule.on);
      this.#count();
    });
    return element("label", { class: "switch" }, box, element("span", {}, rule.title, " ", element("code", {}, rule.id)));
  }

  #count(): void {
    const off = (this.#about?.rules ?? []).filter((rule) => !this.#settings.isOn(rule.id, rule.on)).length;
    byId("rules-off").textContent = say("rulesOff", { count: off });
  }

  /** Shows the rules that hold what is searched. */
  #sift(): void {
    const wanted = byId<HTMLInputElement>("rule-search").value.trim().toLowerCase();
    for (const group of byId("rules").children) {
      let shown = 0;
      for (const label of group.querySelectorAll<HTMLElement>("label")) {
        label.hidden = !label.textContent.toLowerCase().includes(wanted);
        shown += label.hidden ? 0 : 1;
      }
      (group as HTMLElement).hidden = shown === 0;
    }
  }
}
