// Opens VS Code in a browser that nobody sees: `node open.mjs URL FILE SCREENSHOT`, until FILE is there.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

// Installed elsewhere than this file is.
const { chromium } = createRequire(path.resolve("package.json"))("playwright-core");
const [url, file, screenshot] = process.argv.slice(2);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const page = await browser.newPage();
await page.goto(url);
const end = Date.now() + 180_000;
while (!existsSync(file) && Date.now() < end) {
  await page.waitForTimeout(200);
}
await page.screenshot({ path: screenshot });
await browser.close();
process.exit(existsSync(file) ? 0 : 1);
