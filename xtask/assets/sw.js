// Keeps one app startable without a network, and the pictures it has shown. Answers a page with the files of one build only, and never
// for the API or for other apps.
"use strict";
const PREFIX = "{{cache_prefix}}";
const CACHE = PREFIX + "{{build}}";
const PICTURES = PREFIX + "pictures";
const BASE = "{{base}}";
const FILES = new Set({{files}});
const FOREIGN = {{foreign_paths}};
// Builds kept beside the present one: pages they started may still be open.
const EARLIER_BUILDS = 2;
const PICTURES_ROOM = 60_000_000;
const PICTURES_FRESH_MS = 24 * 3600_000;

self.addEventListener("install", (event) => {
  const fill = async () => {
    const cache = await caches.open(CACHE);
    // The page is asked for anew; its files carry their hash, so any copy of them is the right one.
    await cache.addAll([...FILES, new Request(BASE, { cache: "reload" })]);
    const page = await (await cache.match(BASE)).text();
    // Between two deployments a server may hand out this worker with another build's page.
    if (!page.includes("{{entry}}")) throw new Error("the page is of another build");
  };
  // A build that is not here as a whole is not here at all.
  event.waitUntil(fill().catch(async (failure) => { await caches.delete(CACHE); throw failure; }));
});

self.addEventListener("activate", (event) => {
  const takeOver = async () => {
    const earlier = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE && name !== PICTURES);
    for (const name of earlier.slice(0, -EARLIER_BUILDS)) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(takeOver());
});

self.addEventListener("message", ({ data }) => {
  if (data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/media/")) {
    if (request.destination === "image") event.respondWith(picture(event));
    return;
  }
  if (FOREIGN.some((path) => url.pathname === path || url.pathname.startsWith(path + "/"))) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (FILES.has(url.pathname) || ofABuild(url.pathname)) event.respondWith(keptFile(request));
});

// Whether a path is a file of this app's, of whichever build.
function ofABuild(path) {
  return path.startsWith(BASE) && !path.slice(BASE.length).includes("/") && /-[0-9a-f]{16}[._]/.test(path);
}

async function keptFile(request) {
  const cache = await caches.open(CACHE);
  // A page of an earlier build finds its own files in that build's cache: names never repeat.
  return (await cache.match(request.url)) ?? (await caches.match(request.url)) ?? fetch(request);
}

// This build's own page, at once: all its files are here.
let handedOver = false;
async function page({ request }) {
  const { waiting } = self.registration;
  if (waiting && !handedOver) {
    const open = await self.clients.matchAll({ type: "window" });
    // A reload, or the first page of the day: nobody else is at work in this build, so the newer one begins here.
    if (open.length < 2 && open.every((client) => client.url === request.url)) {
      handedOver = true;
      waiting.postMessage("take over");
      return new Response("", { headers: { "content-type": "text/html; charset=utf-8", refresh: "0" } });
    }
  }
  const cache = await caches.open(CACHE);
  return (await cache.match(BASE)) ?? fetch(request);
}

// Pictures: the kept one at once, a newer one for next time. Those not looked at for longest make room.
async function picture(event) {
  const { url } = event.request;
  const cache = await caches.open(PICTURES);
  const kept = await cache.match(url);
  if (!kept) return fetchPicture(event);
  const seen = Number(kept.headers.get("x-kept-at"));
  if (!(Date.now() - seen < PICTURES_FRESH_MS)) event.waitUntil(fetchPicture(event).catch(() => {}));
  return kept;
}

async function fetchPicture(event) {
  const response = await fetch(event.request);
  if (response.status === 200 && response.type === "basic") event.waitUntil(keepPicture(event.request.url, response.clone()).catch(() => {}));
  return response;
}

// One after the other, so that each sees what the last one left.
let keeping = Promise.resolve();
function keepPicture(url, response) {
  keeping = keeping.catch(() => {}).then(async () => {
    const body = await response.blob();
    const headers = {
      "content-type": response.headers.get("content-type") ?? body.type,
      "x-kept-at": String(Date.now()),
      "x-size": String(body.size),
    };
    const cache = await caches.open(PICTURES);
    // Put last: the order of keys is the order of last use, to the day.
    await cache.delete(url);
    await cache.put(url, new Response(body, { headers }));
    const all = await cache.keys();
    const sizes = await Promise.all(all.map(async (key) => Number((await cache.match(key))?.headers.get("x-size"))));
    let sum = sizes.reduce((sum, size) => sum + size, 0);
    for (let oldest = 0; sum > PICTURES_ROOM && oldest < all.length - 1; oldest++) {
      await cache.delete(all[oldest]);
      sum -= sizes[oldest];
    }
  });
  return keeping;
}
