// Keeps the page for use without a network: all its files, known by the hash of their content, and nothing else.

export {};

declare const self: ServiceWorkerGlobalScope;
/** Both are filled in by the build. */
declare const FILES: string[];
declare const VERSION: string;

const PREFIX = "santun-";
const name = `${PREFIX}${VERSION}`;

self.addEventListener("install", (event) => {
  // What the first visit has loaded under a name of its content is not loaded again.
  const files = FILES.map((file) => new Request(file, { cache: file.startsWith("assets/") ? "default" : "no-cache" }));
  event.waitUntil(caches.open(name).then((cache) => cache.addAll(files)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = async () => {
    const names = (await caches.keys()).filter((other) => other.startsWith(PREFIX) && other !== name);
    await Promise.all(names.map((other) => caches.delete(other)));
    await self.clients.claim();
  };
  event.waitUntil(old());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(self.registration.scope)) {
    return;
  }
  const asked = request.mode === "navigate" ? self.registration.scope : request;
  const kept = async () => (await (await caches.open(name)).match(asked, { ignoreSearch: true })) ?? fetch(request);
  event.respondWith(kept());
});
