
// Starts the program in its worker. What the page says before it runs waits here; if it cannot run, the page hears an error.
{
  const early = [];
  self.onmessage = ({ data }) => early.push(data);
  __wbg_init({ module_or_path: new URL("./{{wasm}}", import.meta.url) }).then(
    () => queueMicrotask(() => {
      self.onmessage = ({ data }) => self.hear(data);
      for (const text of early) self.hear(text);
    }),
    (failure) => setTimeout(() => { throw failure; }),
  );
}
