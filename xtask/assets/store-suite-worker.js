
// Starts the program of tests and what the page wants of it.
self.onmessage = async ({ data }) => {
  try {
    await __wbg_init({ module_or_path: new URL("./app_bg.wasm", import.meta.url) });
    await new Promise((resolve) => queueMicrotask(resolve));
    self.test(data);
  } catch (failure) {
    setTimeout(() => { throw failure; });
  }
};
