// From the settings to what the language client wants. Nothing here knows VS Code, so that tests can call it.

/** The settings below `santun`. */
export interface Settings {
  path: string;
  language: "auto" | "id" | "en";
  languages: readonly string[];
  files: readonly string[];
}

/** One kind of documents that are handed to the server. */
export interface Filter {
  scheme: string;
  language?: string;
  pattern?: string;
}

/** The settings themselves, where the server tells what is wrong with them. Other TOML files are none of its own. */
export const CONFIGURATION: Filter = { scheme: "file", pattern: "**/*.toml" };

/** Documents that hold messages. */
export function messages({ languages, files }: Settings): Filter[] {
  const filters: Filter[] = [];
  for (const language of languages) {
    // A message is checked before it is saved as well.
    filters.push({ scheme: "file", language }, { scheme: "untitled", language });
  }
  for (const pattern of files) {
    filters.push({ scheme: "file", pattern: /^(\/|\*\*)/.test(pattern) ? pattern : `**/${pattern}` });
  }
  return filters;
}

/** What the server is started with. */
export function args(): string[] {
  return ["lsp", "--stdio"];
}

/** What the server is told at the start. Without a language, it heeds santun.toml. */
export function initialization({ language }: Settings): { lang?: "id" | "en" } {
  return language === "auto" ? {} : { lang: language };
}
