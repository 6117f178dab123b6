// The library off the page's own thread, so that typing stays smooth however long a message is.
//
// The first message holds the library itself; each later one is a call, which is answered with what the library says.

import init, { about, check, mend, open } from "../../../pkg/santun.js";
import type { Call, Calls, Lang, Request } from "../contract";

type Order = { [C in Call]: { id: number; call: C; args: Calls[C]["args"] } }[Call];

/** The library arrives as base64 of gzip: so nothing is fetched, and the page's policy can forbid all connections. */
async function unpacked(packed: string): Promise<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

const asked = (request: Request) => JSON.stringify(request);

function answer(order: Order): string {
  switch (order.call) {
    case "check":
      return check(order.args[0], asked(order.args[1]));
    case "mend":
      return mend(order.args[0], asked(order.args[1]));
    case "open":
      return open(...(order.args as [Uint8Array, string, Lang]));
    case "about":
      return about(order.args[0]);
  }
}

let ready: Promise<unknown> | undefined;

self.addEventListener("message", async ({ data }: MessageEvent<string | Order>) => {
  if (typeof data === "string") {
    ready = unpacked(data).then((library) => init({ module_or_path: library }));
    return;
  }
  try {
    await ready;
    self.postMessage({ id: data.id, answer: answer(data) });
  } catch (error) {
    self.postMessage({ id: data.id, trouble: String(error) });
  }
});
