// Before the first paint: language, direction and theme. Then: starts the app, and takes the shell away once it stands.
// Runs in a browser and inside Tauri; the page says in data attributes what to start.
(() => {
  "use strict";
  const { app, base, entry, wasm } = document.currentScript.dataset;
  const root = document.documentElement;

  const kept = (key) => {
    // Storage can be forbidden; the defaults are in the page.
    try { return localStorage.getItem(`momfood.${app}.${key}`); } catch { return null; }
  };
  const language = kept("lang");
  if (language === "en" || language === "ar") {
    root.lang = language;
    root.dir = language === "ar" ? "rtl" : "ltr";
  }
  const theme = kept("theme");
  if (theme === "dark" || theme === "light") root.dataset.theme = theme;

  const domReady = new Promise((resolve) => {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", resolve, { once: true });
    else resolve();
  });

  const words = {
    ar: ["تعذّر تشغيل التطبيق", "تحقّق من اتصالك بالإنترنت ثم أعد المحاولة.", "إعادة المحاولة"],
    en: ["The app could not start", "Check your connection and try again.", "Try again"],
  };
  const showFailure = () => {
    const [title, advice, action] = words[root.lang === "en" ? "en" : "ar"];
    const make = (tag, className, text) => {
      const element = document.createElement(tag);
      element.className = className;
      element.textContent = text;
      return element;
    };
    const note = make("div", "shell-note", "");
    note.setAttribute("role", "alert");
    const retry = make("button", "shell-retry", action);
    retry.type = "button";
    retry.addEventListener("click", () => location.reload());
    note.append(make("strong", "", title), make("span", "", advice), document.createElement("br"), retry);
    document.getElementById("main").replaceChildren(note);
  };

  // Its own file has started the engine already; see engine-page.js.
  window.momfoodEngine.onunstarted = () => domReady.then(showFailure);

  // The app appends to #main; its first element and the shell are never painted together.
  const replaceShell = () => {
    const main = document.getElementById("main");
    const shell = document.getElementById("shell");
    if (!shell) return;
    new MutationObserver((_, observer) => {
      if (main.lastElementChild === shell) return;
      observer.disconnect();
      shell.remove();
    }).observe(main, { childList: true });
  };

  const start = async () => {
    // Both are already on their way: the page preloads them.
    const program = fetch(wasm, { credentials: "same-origin" });
    program.catch(() => {}); // It is reported where it is awaited.
    const [module] = await Promise.all([import(entry), domReady]);
    replaceShell();
    await module.default({ module_or_path: program });
  };
  start().catch(async (failure) => {
    console.error("MomFood cannot start", failure);
    await domReady;
    showFailure();
  });

  // A newer build waits, complete, beside this one, until the person lets it in or the app is opened the next time.
  const HOUR_MS = 3600_000;
  const workers = !window.isTauri && navigator.serviceWorker;
  let waiting;
  let asked = false;
  // Before an app has its own worker, that of the app at `/` holds its pages, and does nothing for them.
  const isControlled = () => workers.controller?.scriptURL === new URL(`${base}sw.js`, location.href).href;
  const offerUpdate = (worker) => {
    waiting = worker;
    if (document.querySelector(".shell-update")) return;
    const make = (tag, className, ...children) => {
      const element = document.createElement(tag);
      element.className = className;
      element.append(...children);
      return element;
    };
    const word = (language, text) => {
      const element = make("span", "", text);
      element.lang = language;
      return element;
    };
    const both = (ar, en) => [word("ar", ar), word("en", en)];
    const reload = make("button", "shell-update-do", ...both("تحديث", "Reload"));
    reload.type = "button";
    reload.dataset.testid = "update-reload";
    reload.addEventListener("click", () => {
      asked = true;
      if (waiting) waiting.postMessage("take over");
      else location.reload();
    });
    const later = make("button", "shell-update-later", ...both("لاحقاً", "Later"));
    later.type = "button";
    later.dataset.testid = "update-later";
    const offer = make("div", "shell-update", make("span", "", ...both("نسخة جديدة جاهزة", "A new version is ready")), reload, later);
    offer.setAttribute("role", "status");
    offer.dataset.testid = "update";
    later.addEventListener("click", () => offer.remove());
    document.body.append(offer);
  };
  const keepCurrent = (registration) => {
    const watch = (worker) => worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && isControlled()) offerUpdate(worker);
    });
    watch(registration.installing);
    registration.addEventListener("updatefound", () => watch(registration.installing));
    if (registration.waiting && isControlled()) offerUpdate(registration.waiting);
    let looked = Date.now();
    const look = () => {
      if (document.hidden || Date.now() - looked < HOUR_MS) return;
      looked = Date.now();
      registration.update().catch(() => {}); // Asked again in an hour.
    };
    setInterval(look, HOUR_MS / 4);
    document.addEventListener("visibilitychange", look);
  };
  // Another window has let the newer build in: this one follows while nobody looks at it, or when it is told to.
  const follow = () => {
    const free = document.hidden && !document.querySelector("dialog[open]") && root.dataset.taps !== "volatile";
    if (free) location.reload();
  };
  if (workers) {
    let controlled = isControlled();
    workers.addEventListener("controllerchange", () => {
      // The first worker takes a page over that has all it needs; a newer one has another build's files.
      if (!controlled) controlled = isControlled();
      else if (asked) location.reload();
      else {
        offerUpdate(undefined);
        document.addEventListener("visibilitychange", follow);
        follow();
      }
    });
    window.addEventListener("load", () => {
      // Without a worker the app still works while there is a connection.
      workers.register(`${base}sw.js`, { scope: base, updateViaCache: "none" }).then(keepCurrent, () => {});
    });
  }

  // Installing: what carries `data-install` shows only while it can be done, and does it when pressed.
  let invitation;
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    invitation = event;
    root.dataset.installable = "prompt";
  });
  window.addEventListener("appinstalled", () => delete root.dataset.installable);
  // Safari on iPhones never asks: there the share button does it.
  if (navigator.standalone === false) root.dataset.installable = "share";
  document.addEventListener("click", ({ target }) => {
    if (!invitation || !target.closest?.("[data-install-do]")) return;
    invitation.prompt();
    invitation = undefined;
    delete root.dataset.installable;
  });
})();
