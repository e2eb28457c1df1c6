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

  if ("serviceWorker" in navigator && !window.isTauri) {
    window.addEventListener("load", () => {
      navigator.serviceWorker.register(`${base}sw.js`, { scope: base }).catch(() => {
        // Without a worker the app still works while there is a connection.
      });
    });
  }
})();
