// Keeps one app startable without a network. Never answers for the API, for other apps, or with another build's files.
"use strict";
const PREFIX = "{{cache_prefix}}";
const CACHE = PREFIX + "{{build}}";
const BASE = "{{base}}";
const FILES = new Set({{files}});
const FOREIGN = {{foreign_paths}};
const PATIENCE_MS = 3000;

self.addEventListener("install", (event) => {
  const fill = async () => {
    const cache = await caches.open(CACHE);
    // The page is asked for anew; its files carry their hash, so any copy of them is the right one.
    await cache.addAll([...FILES, new Request(BASE, { cache: "reload" })]);
    await self.skipWaiting();
  };
  event.waitUntil(fill());
});

self.addEventListener("activate", (event) => {
  const takeOver = async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
    }
    if (self.registration.navigationPreload) await self.registration.navigationPreload.enable();
    await self.clients.claim();
  };
  event.waitUntil(takeOver());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (FOREIGN.some((path) => url.pathname === path || url.pathname.startsWith(path + "/"))) return;
  if (FILES.has(url.pathname)) event.respondWith(keptFile(request));
  else if (request.mode === "navigate") event.respondWith(page(event));
});

async function keptFile(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request.url)) ?? fetch(request);
}

// The network's page when it comes in time, otherwise this build's own: its files are all here.
async function page(event) {
  const fromNetwork = (async () => (await event.preloadResponse) ?? fetch(event.request))();
  fromNetwork.catch(() => {});
  event.waitUntil(fromNetwork.catch(() => {}));
  const tooLate = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  const response = await Promise.race([fromNetwork, tooLate]).catch(() => undefined);
  if (response && (response.status < 500)) return response;
  const cache = await caches.open(CACHE);
  return (await cache.match(BASE)) ?? response ?? fromNetwork;
}
