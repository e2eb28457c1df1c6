// The page's end of the line to its engine, a worker that starts before the screens are here. What is said on it stands in
// apps/worker/src/main.rs. Keeps in localStorage what the engine says, and starts a new worker when it is asked after the last one died.
(() => {
  "use strict";
  const { app, engine } = document.currentScript.dataset;
  const prefix = `momfood.${app}.engine.`;
  let worker; // None while it is dead.
  let ready = false;
  let hear; // The screens.
  let unheard = [];

  const kept = () => {
    const all = {};
    try {
      for (let i = 0; i < localStorage.length; i++) {
        const key = localStorage.key(i);
        if (key.startsWith(prefix)) all[key.slice(prefix.length)] = localStorage.getItem(key);
      }
    } catch { /* Storage can be forbidden: then nothing is kept. */ }
    return all;
  };
  const keep = (key, text) => {
    try {
      if (text === null) localStorage.removeItem(prefix + key);
      else localStorage.setItem(prefix + key, text);
    } catch { /* As above, or full. */ }
  };
  // A browser under pressure for room may clear what nobody asked it to keep. Asked of those who use the app as theirs: some ask back.
  const holdOn = () => navigator.storage?.persist?.().catch(() => {});
  const busy = {
    ar: "الخدمة مشغولة. أعد المحاولة بعد لحظات.",
    en: "We are busy. Please try again in a moment.",
  };
  // The worker that ran the engine ended in the middle of a Call.
  const unknown = (id) => {
    const message = busy[document.documentElement.lang === "en" ? "en" : "ar"];
    return JSON.stringify({ id, reply: { err: { code: "try_again", message } } });
  };
  const tell = (text) => {
    if (hear) hear(text);
    else unheard.push(text);
  };

  const start = () => {
    const mine = new Worker(engine, { type: "module", name: `momfood-${app}` });
    worker = mine;
    mine.onmessage = ({ data }) => {
      if (worker !== mine) return;
      if (typeof data === "string") tell(data);
      else if (data[0] === "keep") keep(data[1], data[2]);
      else if (data[0] === "lost") tell(unknown(data[1]));
      else if (data[0] === "turn") mine.postMessage(["start", kept()]);
      else ready = true;
    };
    mine.onerror = (error) => {
      if (worker !== mine) return;
      console.error("MomFood's engine ended", error.message ?? "");
      mine.terminate();
      worker = undefined;
      tell('{"ended":true}');
      // Without an engine there has never been anything to show.
      if (!ready) window.momfoodEngine.onunstarted?.();
    };
    const before = kept();
    if (Object.keys(before).length) holdOn();
    mine.postMessage(["start", before]);
  };
  const wake = () => worker?.postMessage('{"wake":true}');
  window.addEventListener("online", wake);
  window.addEventListener("offline", () => worker?.postMessage('{"lost":true}'));
  document.addEventListener("visibilitychange", wake);
  // A page that is left may be kept whole for the way back, and with it its stream: of the six connections a browser makes to
  // a server, soon none would be free. Its engine ends here; the page begins anew when one comes back.
  window.addEventListener("pagehide", ({ persisted }) => { if (persisted) worker?.terminate(); });
  window.addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });

  window.momfoodEngine = {
    post(text) {
      if (!worker) start();
      if (/"call":"Sign(In|Up)"/.test(text)) holdOn();
      worker.postMessage(text);
    },
    // Hands `bytes` (an ArrayBuffer, empty afterwards) over once; the reply to `id` names them.
    postBlob(id, bytes) {
      if (!worker) start();
      worker.postMessage(["blob", id, bytes], [bytes]);
    },
    // From now on `to` hears what the engine says, beginning with what it said already.
    listen(to) {
      queueMicrotask(() => {
        hear = to;
        for (const text of unheard) hear(text);
        unheard = [];
      });
    },
    // Called when the first engine could not start.
    onunstarted: undefined,
  };
  start();
})();
