// A browser that nobody sees, and a server for ../dist, as the tests of the page need them.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));

/** What is installed for the page. */
export const installed = createRequire(path.join(here, "../page/package.json"));
export const dist = path.join(here, "../dist");
export const root = path.join(here, "../..");

const { chromium } = installed("playwright-core");

const KINDS = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
};

/** Serves ../dist with the headers that docs/web.md asks for; gives the address of the page. */
export async function serve() {
  const server = createServer(async ({ url }, response) => {
    const name = url.split("?")[0].replace(/\/$/, "/index.html");
    try {
      const content = await readFile(path.join(dist, path.normalize(name)));
      const lasting = name.startsWith("/assets/");
      response.writeHead(200, {
        "Content-Type": KINDS[path.extname(name)] ?? "application/octet-stream",
        "Cache-Control": lasting ? "max-age=31536000, immutable" : "no-cache",
        "X-Content-Type-Options": "nosniff",
      });
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() };
}

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
