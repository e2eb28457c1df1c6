// Runs an app's engine: one for all its tabs, in the worker of the tab that owns the app's files. Tabs settle by a lock who that is;
// the others pass on what their screens say and hear, and are ready to take over. What is spoken stands in apps/worker/src/main.rs.
{
  const app = self.name.slice("momfood-".length);
  const lockName = `momfood-${app}-store`;
  const me = `${Date.now()}-${Math.random()}`;
  const locks = self.navigator.locks;
  const line = locks && self.BroadcastChannel && new BroadcastChannel(`momfood-${app}`);
  // Every tab has the program at hand: when its turn comes there may be no network, or another build on the server.
  const program = WebAssembly.compileStreaming(fetch(new URL("./{{wasm}}", import.meta.url)));
  const fail = (failure) => setTimeout(() => { throw failure; });
  program.catch(fail);

  let owner; // Whose worker runs the engine, as far as it is known.
  let runs = false; // The engine, here.
  let early = []; // Said to the engine before it ran.
  let started; // What the page hands over for a start.
  let begin; // Called with it.
  const asked = new Map(); // Calls of this tab under way elsewhere, by id.

  const hear = (message, from) => {
    if (runs) self.hear(message, from);
    else early.push([message, from]);
  };

  // What the engine says: to one tab, or to all.
  self.tell = (message, to) => {
    if (to !== undefined && to !== me) line.postMessage({ to, message });
    else {
      self.postMessage(message);
      if (to === undefined && typeof message === "string") line?.postMessage({ all: message });
    }
    if (message[0] === "ready") {
      runs = true;
      for (const [text, from] of early) self.hear(text, from);
      early = [];
    }
  };

  // The files of a worker that has just ended are let go a moment after its lock.
  const filesAreFree = async () => {
    const root = await self.navigator.storage.getDirectory();
    let folder;
    try {
      folder = await (await root.getDirectoryHandle(`momfood-${app}`)).getDirectoryHandle(".opaque");
    } catch {
      return; // There are none yet.
    }
    for await (const file of folder.values()) {
      for (let left = 60; ; left--) {
        try {
          (await file.createSyncAccessHandle()).close();
          break;
        } catch (failure) {
          if (left === 0) throw failure;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    }
  };

  // Runs the engine here, as long as this worker lives.
  const run = async (mayHaveFiles) => {
    const free = mayHaveFiles ? filesAreFree().then(() => true, () => false) : false;
    const handedOver = new Promise((resolve) => { begin = resolve; if (started) resolve(started); });
    await __wbg_init({ module_or_path: await program });
    // The program hands out `hear` in a task of its own.
    await new Promise((resolve) => queueMicrotask(resolve));
    const [kept, files] = [await handedOver, await free];
    self.hear(JSON.stringify({ start: { app, kept, files } }), me);
  };

  const passOn = (id, call) => {
    if (owner === me) {
      asked.delete(id);
      hear(call.message, me);
      return;
    }
    call.sent = owner !== undefined;
    if (owner) line.postMessage({ from: me, message: call.message });
    asked.set(id, call);
  };

  // `next` runs the engine from now on. What was under way with the one before may be done or not: what only asks is asked again, of
  // the rest the page says so.
  const turnTo = (next) => {
    if (owner === next) return;
    owner = next;
    if (next === me) line?.postMessage({ owner: me });
    else self.postMessage(["ready"]);
    for (const [id, call] of [...asked]) {
      if (call.sent && !call.repeats) {
        asked.delete(id);
        self.postMessage(["lost", id]);
      } else passOn(id, call);
    }
  };

  if (line) line.onmessage = ({ data }) => {
    if (owner === me) {
      if (data.hello) line.postMessage({ owner: me });
      else if (data.from) hear(data.message, data.from);
    } else if (data.owner) turnTo(data.owner);
    else if (data.to === me) {
      asked.delete(JSON.parse(data.message).id);
      self.postMessage(data.message);
    } else if (data.all) self.postMessage(data.all);
  };

  let settled = false; // Whether it is known where the engine runs, or will.
  const waiting = [];
  const fromPage = (data) => {
    if (data[0] === "start") {
      started = data[1];
      begin?.(started);
    } else if (!settled) waiting.push(data);
    else if (owner === me) hear(data, me);
    else if (typeof data !== "string") passOn(data[1], { message: data, repeats: true });
    else {
      const said = JSON.parse(data);
      if (said.call) passOn(said.id, { message: data, repeats: /^(Get|List|NewOrderId$)/.test(said.call) });
      else if (owner) line.postMessage({ from: me, message: data });
    }
  };
  self.onmessage = ({ data }) => fromPage(data);
  const settle = () => {
    settled = true;
    for (const data of waiting.splice(0)) fromPage(data);
  };

  const forever = () => new Promise(() => {}); // A lock is held until its worker ends.
  if (!line) {
    turnTo(me);
    settle();
    run(false).catch(fail);
  } else {
    locks.request(lockName, { ifAvailable: true }, (lock) => {
      if (lock) {
        turnTo(me);
        settle();
        run(true).catch(fail);
        return forever();
      }
      settle();
      line.postMessage({ hello: me });
      locks.request(lockName, () => {
        // What the page keeps has changed since it handed it over.
        started = undefined;
        self.postMessage(["turn"]);
        turnTo(me);
        run(true).catch(fail);
        return forever();
      }).catch(fail);
      return undefined;
    }).catch(fail);
  }
}
