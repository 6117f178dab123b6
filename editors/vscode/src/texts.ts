// What the extension itself says. The settings and commands have their texts in package.nls*.json.

import type { Settings } from "./options";

/** What `santun.checkWorkspace` counts. */
export interface Count {
  files: number;
  findings: number;
  skipped: number;
}

export interface Texts {
  notFound(path: string): string;
  notStarted(path: string): string;
  checked(count: Count): string;
  settings: string;
  output: string;
}

const id: Texts = {
  notFound: (path) =>
    `Santun: program “${path}” tidak ditemukan. Mohon pasang lint, atau tuliskan letaknya dalam pengaturan santun.path.`,
  notStarted: (path) =>
    `Santun: “${path} lsp” tidak dapat dijalankan. Mohon pastikan program itu adalah lint milik Santun; keterangannya ada di saluran keluaran.`,
  checked: ({ files, findings, skipped }) =>
    `Santun: ${files} berkas diperiksa, ${findings} catatan.` + (skipped > 0 ? ` Dilewati: ${skipped} berkas.` : ""),
  settings: "Buka Pengaturan",
  output: "Lihat Keluaran",
};

const en: Texts = {
  notFound: (path) =>
    `Santun: there is no program “${path}”. Please install lint, or say in the setting santun.path where it is.`,
  notStarted: (path) =>
    `Santun: “${path} lsp” does not start. Please see that it is the lint of Santun; the output channel tells more.`,
  checked: ({ files, findings, skipped }) =>
    `Santun: files checked: ${files}, findings: ${findings}.` + (skipped > 0 ? ` Skipped: ${skipped}.` : ""),
  settings: "Open Settings",
  output: "Show Output",
};

/** The texts in the language of the reports, which is Indonesian where nothing else is said. */
export function texts({ language }: Pick<Settings, "language">): Texts {
  return language === "en" ? en : id;
}
