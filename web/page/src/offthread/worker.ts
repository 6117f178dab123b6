// The library off the page's own thread, so that typing stays smooth however long a message is.
//
// The first message holds the library itself; each later one is a call, which is answered with what the library says.

import init, { about, check, mend, open } from "../../../pkg/santun.js";
import type { Call, Calls, Lang, Request } from "../contract";

type Order = { [C in Call]: { id: number; call: C; args: Calls[C]["args"] } }[Call];

/** The library arrives in a script, one character a byte: so nothing is fetched, and the page's policy can forbid all connections. */
function unpacked(packed: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(packed.length);
  for (let at = 0; at < bytes.length; at += 1) {
    bytes[at] = packed.charCodeAt(at);
  }
  return bytes;
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
    // The first check takes longest, since it prepares what all of them need; until a message comes there is time for that.
    ready = init({ module_or_path: unpacked(data) }).then(() => check("", "{}"));
    return;
  }
  try {
    await ready;
    self.postMessage({ id: data.id, answer: answer(data) });
  } catch (error) {
    self.postMessage({ id: data.id, trouble: String(error) });
  }
});
