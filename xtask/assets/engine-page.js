// The page's end of the line to its engine: a worker that starts before the screens are here, or in an app of a device the program
// around the page. What is said on it stands in apps/worker/src/main.rs. In a browser it keeps in localStorage what the engine says, and
// starts a new worker when it is asked after the last one died; in a program all that is the program's.
(() => {
  "use strict";
  const { app, engine } = document.currentScript.dataset;
  let hear; // The screens.
  let unheard = [];

  const tell = (text) => {
    if (hear) hear(text);
    else unheard.push(text);
  };
  // From now on `to` hears what the engine says, beginning with what it said already.
  const listen = (to) => {
    queueMicrotask(() => {
      hear = to;
      for (const text of unheard) hear(text);
      unheard = [];
    });
  };
  const isEnglish = () => document.documentElement.lang === "en";

  // The program answers two commands, see apps/shell/src/line.rs.
  const overProgram = () => {
    const { invoke, transformCallback, unregisterCallback, convertFileSrc } = window.__TAURI_INTERNALS__;
    document.documentElement.dataset.media = convertFileSrc("", "media");
    const failed = {
      ar: "حدث خطأ لدينا. أعد المحاولة.",
      en: "Something went wrong on our side. Please try again.",
    };
    const internal = () => JSON.stringify({ err: { code: "internal", message: failed[isEnglish() ? "en" : "ar"] } });
    const ask = (id, said) => invoke("call", said)
      .catch((failure) => {
        console.error("MomFood's program did not answer", failure);
        return internal();
      })
      .then((reply) => { if (id !== undefined) tell(`{"id":${id},"reply":${reply}}`); });

    // A long Event takes another way than a short one and may be overtaken by it: each has its number.
    const early = new Map();
    let next = 0;
    const channel = transformCallback((said) => {
      early.set(said.index, said);
      for (let now = early.get(next); now; now = early.get(next)) {
        early.delete(next++);
        if (now.end) unregisterCallback(channel);
        else tell(JSON.stringify({ event: now.message }));
      }
    });
    const line = {
      post(text) {
        ask(JSON.parse(text).id, { text });
      },
      postBlob(id, bytes) {
        ask(id, new Uint8Array(bytes));
      },
      listen,
      onunstarted: undefined,
    };
    invoke("subscribe", { channel: `__CHANNEL__:${channel}` }).catch((failure) => {
      console.error("MomFood's program tells nothing", failure);
      line.onunstarted?.();
    });
    const wake = () => ask(undefined, { text: '{"wake":true}' });
    window.addEventListener("online", wake);
    window.addEventListener("offline", () => ask(undefined, { text: '{"lost":true}' }));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) wake(); });
    return line;
  };

  const overWorker = () => {
    const prefix = `momfood.${app}.engine.`;
    let worker; // None while it is dead.
    let ready = false;

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
      const message = busy[isEnglish() ? "en" : "ar"];
      return JSON.stringify({ id, reply: { err: { code: "try_again", message } } });
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
        if (!ready) line.onunstarted?.();
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

    const line = {
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
      listen,
      // Called when the first engine could not start.
      onunstarted: undefined,
    };
    start();
    return line;
  };

  window.momfoodEngine = window.isTauri ? overProgram() : overWorker();
})();
