// The page in a real browser: `node --test page.mjs` after the build. Prints sizes and times at its end.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { dist, installed, launch, root, serve } from "./browser.mjs";
import { zipped } from "./zip.mjs";

const example = (name) => readFile(path.join(root, "examples", name), "utf8");
const AXE = await readFile(installed.resolve("axe-core/axe.min.js"), "utf8");
const BAD = await example("bad/email-keluhan-ktp.txt");
const NIK = "3678011207900003";
const PHONE = { width: 390, height: 844 };
/** So that nothing grows unseen: bytes of the first visit, and milliseconds on a machine that does other things as well. docs/web.md tells what is measured. */
const BOUNDS = { gzip: 4_700_000, first: 3_000, key: 80 };
const figures = [];

let browser;
let server;

before(async () => {
  server = await serve();
  browser = await launch();
});

after(async () => {
  await browser.close();
  server.stop();
  console.log(`\n${figures.join("\n")}`);
});

/** A visit that must stay without complaints and without any connection but to the page's own origin. */
async function visit({ address = server.address, context, ...options } = {}) {
  const own = context ?? (await browser.newContext({ acceptDownloads: true, ...options }));
  const page = await own.newPage();
  page.setDefaultTimeout(20_000);
  const seen = { complaints: [], requests: [] };
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && seen.complaints.push(message.text()));
  page.on("pageerror", (error) => seen.complaints.push(String(error)));
  page.on("request", (request) => seen.requests.push(request.url()));
  page.on("dialog", (dialog) => dialog.accept());
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
    // The time from the start of loading until the first mark is drawn.
    addEventListener("DOMContentLoaded", () => {
      const look = () => {
        if (document.querySelector("#editor")?.shadowRoot?.querySelector(".mark")) {
          window.firstMark = performance.now();
        } else {
          requestAnimationFrame(look);
        }
      };
      look();
    });
  });
  await page.goto(address);
  await page.locator("#rules label").first().waitFor({ state: "attached" });
  const leave = async () => {
    const allowed = [server.address, "blob:", "data:", pathToFileURL(dist).href];
    assert.deepEqual(seen.complaints, [], "complaints of the browser");
    assert.deepEqual(seen.requests.filter((url) => !allowed.some((start) => url.startsWith(start))), [], "requests to elsewhere");
    await page.close();
    if (!context) {
      await own.close();
    }
  };
  return { page, context: own, seen, leave };
}

async function paste(page, text) {
  await page.locator(".cm-content").focus();
  await page.evaluate((pasted) => {
    const data = new DataTransfer();
    data.setData("text/plain", pasted);
    const target = document.querySelector("#editor").shadowRoot.querySelector(".cm-content");
    target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true, composed: true }));
  }, text);
  await page.locator(".mark").first().waitFor();
  await page.locator("#findings .verdict").waitFor();
}

async function drop(page, name, content) {
  await page.evaluate(
    ([called, bytes]) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], called));
      for (const type of ["dragenter", "dragover", "drop"]) {
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
      }
    },
    [name, [...content]],
  );
}

const textOf = (page) => page.evaluate(() => [...document.querySelector("#editor").shadowRoot.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n"));
const countOf = async (page) => Number(await page.locator("#found-count").textContent());
const markOf = (page, text) => page.locator(".mark", { hasText: new RegExp(`^${text}$`) });

async function axe(page, where) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(" | ")}`);
  assert.deepEqual(told, [], where);
}

async function fits(page, where) {
  const { wide, room } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, room: document.documentElement.clientWidth }));
  assert.ok(wide <= room, `${where}: ${wide} px in ${room}`);
}

test("a pasted e-mail is marked, and its findings are told with reasons", async () => {
  const { page, leave } = await visit();
  await paste(page, BAD);
  await markOf(page, "yg").waitFor();
  await markOf(page, "nggak").waitFor();
  const list = await page.locator("#findings").textContent();
  for (const said of ["harus diperbaiki", "NIK tertulis utuh", "UU 27/2022 Pasal 65", "Gunakan Sapaan Formal", "Mohon"]) {
    assert.ok(list.includes(said), said);
  }
  assert.match(await page.locator("#channel option").first().textContent(), /surel/);
  await page.waitForFunction(() => document.querySelector("#summary").textContent.includes("harus diperbaiki"));
  await leave();
});

test("personal data is masked in the list and on paper", async () => {
  const { page, leave } = await visit();
  await paste(page, BAD);
  const body = await page.locator("main").innerHTML();
  assert.ok(!body.includes(NIK) && (await textOf(page)).includes(NIK));
  await page.emulateMedia({ media: "print" });
  assert.ok(!(await page.locator("body").innerText()).includes(NIK));
  assert.ok(!(await page.locator(".cm-content").isVisible()), "the message itself is not printed");
  await leave();
});

test("one fix, all safe fixes, and undo", async () => {
  const { page, leave } = await visit();
  await paste(page, BAD);
  const all = await countOf(page);
  await page.locator(".fix", { hasText: "nggak" }).click();
  await markOf(page, "nggak").waitFor({ state: "detached" });
  assert.ok((await textOf(page)).includes("Kalau tidak sabar"));
  await page.waitForFunction((count) => Number(document.querySelector("#found-count").textContent) < count, all);
  await page.click("#undo");
  await markOf(page, "nggak").waitFor();
  assert.equal((await textOf(page)).trim(), BAD.trim());
  await page.click("#fix-all");
  await page.waitForFunction(() => document.querySelector("#fix-all").disabled);
  const mended = await textOf(page);
  assert.ok(mended.includes("Terima kasih") && mended.includes("silakan") && mended.includes(NIK), mended);
  await page.click("#undo");
  await markOf(page, "silahkan").waitFor();
  assert.equal((await textOf(page)).trim(), BAD.trim());
  await page.waitForFunction((count) => Number(document.querySelector("#found-count").textContent) === count, all);
  await leave();
});

test("a click leads from a finding to its place, and a mark tells what it is about", async () => {
  const { page, leave } = await visit({ viewport: { width: 1280, height: 800 } });
  await paste(page, BAD);
  await page.locator(".jump", { hasText: "silahkan" }).click();
  assert.equal(await page.evaluate(() => document.querySelector("#editor").shadowRoot.activeElement?.className.includes("cm-content")), true);
  assert.ok(await page.locator("li[data-here]", { hasText: "silahkan" }).isVisible());
  await markOf(page, "diatas").hover();
  await page.locator(".tip", { hasText: "di atas" }).waitFor();
  await page.locator(".tip .fix", { hasText: "di atas" }).click();
  await markOf(page, "diatas").waitFor({ state: "detached" });
  await leave();
});

test("an e-mail file, a WhatsApp archive and old encodings can be dropped", async () => {
  const { page, leave } = await visit();
  await drop(page, "berkas.eml", await readFile(path.join(root, "examples/bad/email-berkas-kurang.eml")));
  await page.locator(".mark").first().waitFor();
  assert.match(await textOf(page), /Subje[ck]t?: /);
  assert.match(await page.locator("#channel option").first().textContent(), /surel/);
  await drop(page, "WhatsApp Chat.zip", zipped(["_chat.txt", await readFile(path.join(root, "examples/bad/percakapan-whatsapp.txt"))]));
  await page.waitForFunction(() => document.querySelector("#channel option").textContent.includes("chat"));
  await page.locator(".group").first().waitFor();
  await drop(page, "lama.txt", Buffer.from("Yth. Bapak Andr\xe9, mohon di tunggu. Gak lama.", "latin1"));
  await page.waitForFunction(() => document.querySelector("#editor").shadowRoot.textContent.includes("André"));
  await drop(page, "gambar.png", Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 0, 1, 2, 3]));
  await page.locator("#slip[data-shown]", { hasText: "bukan teks" }).waitFor();
  await leave();
});

test("of an archive with several texts one is chosen", async () => {
  const { page, leave } = await visit();
  const texts = [["surel.txt", "Yth. Ibu, silahkan tunggu."], ["chat.txt", "gak bisa ya kak"]];
  await drop(page, "konsep.zip", zipped(...texts.map(([name, text]) => [name, Buffer.from(text)])));
  await axe(page, "choice");
  await page.locator("#choices button", { hasText: "chat.txt" }).click();
  await markOf(page, "gak").waitFor();
  await leave();
});

test("the channel can be chosen", async () => {
  const { page, leave } = await visit();
  await paste(page, "gak bisa ya kak");
  const [first] = await page.locator(".group h3 .badge").allTextContents();
  await page.selectOption("#channel", "letter");
  await page.waitForFunction((was) => document.querySelector("#findings").textContent.includes("surat") || document.querySelector(".group h3 .badge")?.textContent !== was, first);
  await leave();
});

test("the page speaks Indonesian and English", async () => {
  const { page, context, leave } = await visit();
  await paste(page, BAD);
  await page.click("#language");
  await page.locator("#findings", { hasText: "too casual" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
  assert.ok((await page.locator("#findings").textContent()).includes("to be mended"));
  const again = await visit({ context });
  assert.ok((await again.page.locator("main").textContent()).includes("Paste or type a message here"));
  await again.leave();
  await leave();
  await context.close();
});

test("the checklist tells how the guideline's statements stand", async () => {
  const { page, leave } = await visit();
  await paste(page, BAD);
  await page.locator("#tab-findings").focus();
  await page.keyboard.press("ArrowRight");
  const rows = await page.locator("#checklist .what").allTextContents();
  assert.ok(rows.length > 20 && rows.some((row) => row.includes("terpenuhi")) && rows.some((row) => row.includes("perbaiki")), String(rows.length));
  await leave();
});

test("settings hold, survive a reload, and become a santun.toml", async () => {
  const { page, leave } = await visit();
  await paste(page, "Yth. Bapak/Ibu, silahkan hubungi 0840-5550-0199. Gak lama.");
  await page.locator(".fix", { hasText: "silahkan" }).waitFor();
  await page.click("#settings-open");
  await page.fill("#agency-names", "Dinas X Kota Y; Dinas X");
  await page.fill("#agency-contacts", "0840-5550-0199");
  await page.fill("#rule-search", "language/spelling");
  await page.locator("#rules label:visible input").first().click();
  await page.click("#settings-done");
  await page.locator(".fix", { hasText: "silahkan" }).waitFor({ state: "detached" });
  await page.reload();
  await page.locator("#rules label").first().waitFor({ state: "attached" });
  await page.click("#settings-open");
  assert.equal(await page.inputValue("#agency-names"), "Dinas X Kota Y; Dinas X");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#settings-export")]);
  assert.equal(download.suggestedFilename(), "santun.toml");
  const toml = await readFile(await download.path(), "utf8");
  assert.match(toml, /\[agency\]\nnames = \[ "Dinas X Kota Y", "Dinas X" \]/);
  assert.match(toml, /"language\/spelling" = "off"/);
  await page.click("#settings-reset");
  assert.equal(await page.inputValue("#agency-names"), "");
  await page.setInputFiles("#settings-file", { name: "santun.toml", mimeType: "text/plain", buffer: Buffer.from(toml) });
  await page.waitForFunction(() => document.querySelector("#agency-names").value.startsWith("Dinas X"));
  await page.setInputFiles("#settings-file", { name: "rusak.toml", mimeType: "text/plain", buffer: Buffer.from("[agency\n") });
  await page.locator("#slip", { hasText: "rusak.toml tidak dapat dibaca" }).waitFor();
  assert.equal(await page.inputValue("#agency-contacts"), "0840-5550-0199");
  await leave();
});

test("no message is kept", async () => {
  const { page, leave } = await visit();
  await paste(page, BAD);
  await page.click("#language");
  await page.click("#theme");
  const kept = await page.evaluate(async () => {
    const stored = await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)));
    return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, await indexedDB.databases(), stored]);
  });
  assert.ok(kept.includes("santun.lang") && !kept.includes("Halo") && !kept.includes(NIK), kept);
  const [asked] = await Promise.all([page.waitForEvent("dialog"), page.reload()]);
  assert.equal(asked.type(), "beforeunload");
  await page.locator("#rules label").first().waitFor({ state: "attached" });
  assert.equal(await textOf(page), "");
  await leave();
});

test("everything can be done with the keyboard", async () => {
  const { page, leave } = await visit({ viewport: { width: 1280, height: 800 } });
  const focused = () =>
    page.evaluate(() => {
      const at = document.activeElement;
      const inner = at.shadowRoot?.activeElement ?? at;
      return { id: at.id, name: inner.getAttribute("aria-label") ?? inner.textContent.trim(), outline: getComputedStyle(inner).outlineStyle };
    });
  const tabTo = async (id) => {
    for (let at = 0; at < 60; at += 1) {
      await page.keyboard.press("Tab");
      const now = await focused();
      assert.ok(now.name !== "", `a name for #${now.id}`);
      assert.ok(now.outline !== "none" || now.id === "editor" || now.id === "", `a visible focus on #${now.id}`);
      if (now.id === id) {
        return;
      }
    }
    assert.fail(`#${id} is not reached`);
  };
  await tabTo("editor");
  await page.keyboard.type("Yth. Bapak/Ibu, gak bisa ya. Silahkan tunggu.");
  await markOf(page, "gak").waitFor();
  await page.keyboard.press("Control+Home");
  const at = async () => page.evaluate(() => document.querySelector("#editor").shadowRoot.getSelection?.().toString() ?? "");
  for (let press = 0; press < 12 && (await at()) !== "gak"; press += 1) {
    await page.keyboard.press("F8");
  }
  assert.equal(await at(), "gak");
  await page.keyboard.press("Alt+Enter");
  await markOf(page, "gak").waitFor({ state: "detached" });
  assert.match(await textOf(page), /tidak bisa/);
  await page.keyboard.press("Escape");
  await tabTo("fix-all");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("#editor").shadowRoot.textContent.includes("Silakan"));
  await tabTo("tab-findings");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await leave();
});

test("axe finds nothing", async () => {
  for (const viewport of [{ width: 1280, height: 800 }, PHONE]) {
    for (const colorScheme of ["light", "dark"]) {
      const { page, leave } = await visit({ viewport, colorScheme, reducedMotion: "reduce" });
      for (const lang of ["id", "en"]) {
        const where = `${viewport.width} ${colorScheme} ${lang}`;
        await axe(page, `${where} empty`);
        await fits(page, `${where} empty`);
        await paste(page, BAD);
        await axe(page, `${where} found`);
        await fits(page, `${where} found`);
        await page.click("#tab-checklist");
        await axe(page, `${where} checklist`);
        await page.click("#settings-open");
        await axe(page, `${where} settings`);
        await fits(page, `${where} settings`);
        await page.click("#settings-done");
        await page.click("#clear");
        await page.click("#language");
        await page.waitForFunction((was) => document.documentElement.lang !== was, lang);
      }
      await leave();
    }
  }
});

test("what is to be pressed is large enough", async () => {
  const { page, leave } = await visit({ viewport: PHONE });
  await paste(page, BAD);
  const small = await page.evaluate(() =>
    [...document.querySelectorAll("button, select, input, summary, a:not(.skip)")]
      .map((node) => ({ node, box: node.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
      .map(({ node }) => node.outerHTML.slice(0, 80)),
  );
  assert.deepEqual(small, []);
  await leave();
});

test("the report on paper holds summary, findings and checklist", async () => {
  const { page, leave } = await visit();
  await paste(page, BAD);
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const paper = await page.locator("body").innerText();
  for (const said of ["Laporan pemeriksaan pesan dinas", "harus diperbaiki", "NIK tertulis utuh", "Daftar periksa", "terpenuhi", "Dibuat oleh Santun"]) {
    assert.ok(paper.includes(said), said);
  }
  assert.ok(!paper.includes("Salin pesan") && !paper.includes("Pengaturan"));
  const pdf = await page.pdf({ format: "A4" });
  assert.ok(pdf.length > 10_000);
  await leave();
});

test("the copied message is the mended one", async () => {
  const { page, context, leave } = await visit();
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await paste(page, "Yth. Bapak/Ibu, silahkan tunggu.");
  await page.locator(".fix", { hasText: "silahkan" }).click();
  await markOf(page, "silahkan").waitFor({ state: "detached" });
  await page.click("#copy");
  await page.locator("#slip", { hasText: "Pesan disalin" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "Yth. Bapak/Ibu, silakan tunggu.");
  await leave();
});

test("the page works offline once it was visited", async () => {
  const { page, context, leave } = await visit();
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) {
      await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
    }
  });
  await context.setOffline(true);
  await page.reload();
  await page.locator("#rules label").first().waitFor({ state: "attached" });
  await page.click("#example");
  await page.locator(".mark").first().waitFor();
  await leave();
});

test("the single file works from a disk", async () => {
  const { page, leave } = await visit({ address: pathToFileURL(path.join(dist, "santun.html")).href });
  await paste(page, BAD);
  await page.click("#fix-all");
  await page.waitForFunction(() => document.querySelector("#fix-all").disabled);
  await drop(page, "berkas.eml", await readFile(path.join(root, "examples/bad/email-berkas-kurang.eml")));
  await page.waitForFunction(() => document.querySelector("#editor").shadowRoot.textContent.includes("Halo bro"));
  await axe(page, "single file");
  await leave();
});

test("the page cannot connect to anything", async () => {
  for (const address of [server.address, pathToFileURL(path.join(dist, "santun.html")).href]) {
    const { page, context } = await visit({ address });
    const tried = async ([own, other]) => {
      const outcome = (url) => fetch(url).then(() => "sent", () => "refused");
      return [await outcome(own), await outcome(other)];
    };
    const places = [`${server.address}index.html`, "http://127.0.0.1:1/"];
    assert.deepEqual(await page.evaluate(tried, places), ["refused", "refused"]);
    const [worker] = page.workers();
    assert.deepEqual(await worker.evaluate(tried, places), ["refused", "refused"], "the worker");
    const seen = await page.evaluate(() => {
      try {
        document.body.insertAdjacentHTML("beforeend", "<p>");
        return "markup";
      } catch {
        return "refused";
      }
    });
    assert.equal(seen, "refused", "text becomes markup");
    await context.close();
  }
});

test("sizes and times stay within bounds", async () => {
  const { page, context, seen, leave } = await visit({ viewport: { width: 1280, height: 800 } });
  await page.evaluate(() => navigator.serviceWorker.ready);
  const names = [...new Set(seen.requests.filter((url) => url.startsWith("http")))].map((url) => new URL(url).pathname.slice(1) || "index.html");
  let [raw, gzip, brotli] = [0, 0, 0];
  for (const name of [...names, "sw.js"]) {
    const content = await readFile(path.join(dist, name));
    raw += content.length;
    gzip += gzipSync(content, { level: 9 }).length;
    brotli += brotliCompressSync(content).length;
  }
  const kb = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
  figures.push(`first visit: ${names.length + 1} files, ${kb(raw)} raw, ${kb(gzip)} with gzip -9, ${kb(brotli)} with brotli`);
  const single = await readFile(path.join(dist, "santun.html"));
  figures.push(`single file: ${kb(single.length)}, ${kb(gzipSync(single, { level: 9 }).length)} with gzip -9`);

  const firsts = [];
  for (let round = 0; round < 7; round += 1) {
    const warm = await visit({ context, address: `${server.address}#contoh` });
    await warm.page.waitForFunction(() => window.firstMark !== undefined);
    firsts.push(await warm.page.evaluate(() => window.firstMark));
    await warm.leave();
  }
  firsts.sort((one, other) => one - other);
  const ms = (time) => `${time.toFixed(1)} ms`;
  figures.push(`from loading with a warm cache to the first marks: median ${ms(firsts[3])}, longest ${ms(firsts.at(-1))}`);

  const [head, ...parts] = BAD.split("\n\n");
  const paragraphs = parts.slice(1, 3).join("\n\n");
  await paste(page, `${head}\n\nYth. Bapak,\n\n${Array(12).fill(paragraphs).join("\n\n")}`.slice(0, 4980).replace(/\s+\S*$/, ""));
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" ");
  // From the key that completes a wrong word until its mark is in the document.
  await page.evaluate(() => {
    window.times = [];
    let pressed = 0;
    const editor = document.querySelector("#editor").shadowRoot.querySelector(".cm-content");
    editor.addEventListener("keydown", () => (pressed = performance.now()), { capture: true });
    let marks = editor.querySelectorAll(".mark").length;
    new MutationObserver(() => {
      const now = [...editor.querySelectorAll(".mark")].filter((mark) => mark.textContent === "gak").length;
      if (now > marks) {
        window.times.push(performance.now() - pressed);
      }
      marks = now;
    }).observe(editor, { childList: true, subtree: true, characterData: true });
    marks = 0;
  });
  const ROUNDS = 40;
  for (let round = 1; round <= ROUNDS; round += 1) {
    await page.keyboard.type("ga", { delay: 25 });
    await page.waitForTimeout(60);
    await page.keyboard.press("k");
    await page.waitForFunction((wanted) => window.times.length >= wanted, round);
    for (let back = 0; back < 3; back += 1) {
      await page.keyboard.press("Backspace");
    }
    await page.waitForTimeout(40);
  }
  const times = (await page.evaluate(() => window.times)).sort((one, other) => one - other);
  const [median, p95] = [times[Math.floor(times.length / 2)], times[Math.floor(times.length * 0.95)]];
  figures.push(`from a key to marks in a message of 5 KB: median ${ms(median)}, 95th percentile ${ms(p95)}, of ${times.length}`);
  assert.ok(gzip <= BOUNDS.gzip, `${gzip} bytes over the wire`);
  assert.ok(firsts[3] <= BOUNDS.first, `first marks after ${firsts[3]} ms`);
  assert.ok(median <= BOUNDS.key, `marks after ${median} ms`);
  await leave();
  await context.close();
});
