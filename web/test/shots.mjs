// Pictures of the page to be looked at: `node shots.mjs FOLDER`.

import path from "node:path";

import { launch, serve } from "./browser.mjs";

const [folder] = process.argv.slice(2);
const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

const { address, stop } = await serve();
const browser = await launch();
for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ["light", "dark"]) {
    const page = await browser.newPage({ viewport, colorScheme, reducedMotion: "reduce", deviceScaleFactor: size === "phone" ? 2 : 1 });
    page.on("console", (message) => console.log(message.type(), message.text()));
    page.on("pageerror", (error) => console.log("error", error));
    const shoot = (name) => page.screenshot({ path: path.join(folder, `${size}-${colorScheme}-${name}.png`) });
    await page.goto(address);
    await page.locator("#rules label").first().waitFor({ state: "attached" });
    await shoot("empty");
    await page.click("#example");
    await page.locator(".group").first().waitFor();
    await shoot("found");
    await page.evaluate(() => document.querySelector("#findings").scrollIntoView());
    await shoot("list");
    await page.evaluate(() => scrollTo(0, 0));
    await page.click("#tab-checklist");
    await shoot("checklist");
    await page.click("#settings-open");
    await shoot("settings");
    await page.close();
  }
}
await browser.close();
stop();
