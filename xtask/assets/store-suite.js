// Runs the store's tests in workers of this page and reports to who serves it. See apps/worker/src/self_test.rs.
const start = (what, hear) => new Promise((resolve, reject) => {
  const worker = new Worker("worker.js", { type: "module" });
  let at = "the start";
  const end = (settle, value) => { worker.terminate(); settle(value); };
  worker.onerror = (error) => end(reject, new Error(`${what}, ${at}: ${error.message ?? "ended"}`));
  worker.onmessage = ({ data }) => {
    const said = JSON.parse(data);
    if (said.case) at = said.case;
    if (said.failed) end(reject, new Error(`${what}, ${at}: ${said.failed}`));
    else hear(said, (value) => end(resolve, value));
  };
  worker.postMessage(what);
});

const suite = (place) => start(place, (said, end) => { if (said.passed) end(said.passed); });

// The files of an ended worker are let go a moment after it.
const patiently = async (attempt) => {
  for (let left = 100; ; left--) {
    try {
      return await attempt();
    } catch (failure) {
      if (left === 0 || !/access handle|Access Handle|origin's files/.test(failure.message)) throw failure;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
};

// A worker takes taps and is ended at any moment; what it had acknowledged is there.
const crashes = async (rounds) => {
  let taken = 0;
  const photos = new Set();
  for (let round = 0; round < rounds; round++) {
    let first = true;
    await patiently(() => start("tap", (said, end) => {
      if (said.taken) taken = Math.max(taken, said.taken);
      if (said.photo) photos.add(said.photo);
      if (first) setTimeout(end, 5 + Math.random() * 250);
      first = false;
    }));
    const found = await patiently(() => start("look", (said, end) => end(said)));
    if (!found.dense || found.taps < taken) throw new Error(`${taken} taps were taken, ${JSON.stringify(found)} are there`);
    for (const photo of photos) if (!found.photos.includes(photo)) throw new Error(`a photo is gone in round ${round}`);
    if (found.cacheWasLost) throw new Error(`the cache was damaged in round ${round}`);
    if (found.rows !== found.cursor) throw new Error(`half a page is there: ${JSON.stringify(found)}`);
  }
  return taken;
};

// A tab: a frame with the page's end of the line, and a worker of its own.
const tab = async () => {
  const frame = document.createElement("iframe");
  frame.src = "tab.html";
  await new Promise((resolve) => { frame.onload = resolve; document.body.append(frame); });
  const line = frame.contentWindow.momfoodEngine;
  const waiting = new Map();
  const events = [];
  let next = 0;
  line.listen((text) => {
    const said = JSON.parse(text);
    if (said.event) events.push(said.event);
    else waiting.get(said.id)?.(said.reply);
  });
  const reply = (id) => new Promise((resolve, reject) => {
    waiting.set(id, resolve);
    setTimeout(() => reject(new Error(`no reply to ${id}`)), 30_000);
  });
  return {
    events,
    post: line.post,
    call(call, args = {}) {
      const id = next++;
      line.post(JSON.stringify({ id, call, args }));
      return reply(id);
    },
    blob(bytes) {
      const id = next++;
      line.postBlob(id, bytes);
      return reply(id);
    },
    close: () => frame.remove(),
  };
};

const must = (holds, what) => { if (!holds) throw new Error(what); };
const until = async (holds, what) => {
  for (let left = 200; !holds(); left--) {
    if (left === 0) throw new Error(what);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
};

// Several tabs share one engine, and the next one takes over when the one that ran it is closed.
const tabs = async () => {
  const first = await tab();
  const one = await first.call("GetConnection");
  must(one.ok?.storage === "durable", `the first tab has files: ${JSON.stringify(one)}`);
  const second = await tab();
  const third = await tab();
  const two = await second.call("GetConnection");
  must(two.ok?.storage === "durable", `so has the second, by way of the first: ${JSON.stringify(two)}`);
  must((await third.call("GetConnection")).ok, "and the third");
  const locks = await navigator.locks.query();
  const named = (list) => list.filter((lock) => lock.name === "momfood-customer-store").length;
  must(named(locks.held) === 1 && named(locks.pending) === 2, "one owns, two wait");
  const heard = [first, second, third].map((each) => each.events.length);
  must((await second.call("ClearCart")).ok, "a Call of another tab is done");
  await until(
    () => [first, second, third].every((each, place) => each.events.length > heard[place]),
    "what the engine tells, it tells all tabs",
  );
  const bytes = new Uint8Array(100_000).fill(7).buffer;
  const named2 = await second.blob(bytes);
  must(bytes.byteLength === 0, "bytes are handed over, not copied");
  must(named2.err || named2.ok?.size === 100_000, `bytes reach the engine of another tab: ${JSON.stringify(named2)}`);

  // The tab that runs the engine goes while others wait for an answer.
  const signIn = second.call("SignIn", { email: "a@b.c", password: "secret" });
  const menu = third.call("ListRestaurants", { search: null, cuisine: null, openOnly: false, sort: "distance" });
  await new Promise((resolve) => setTimeout(resolve, 300));
  first.close();
  const closed = performance.now();
  const unknown = await signIn;
  must(unknown.err?.code === "try_again", `of a Call that may be done or not that is said: ${JSON.stringify(unknown)}`);
  await menu;
  must(performance.now() - closed > 1_000, "what only asks is asked again, and the server takes its time");
  const after = await second.call("GetConnection");
  must(after.ok?.storage === "durable", `the next tab has the files: ${JSON.stringify(after)}`);
  must((await third.call("GetConnection")).ok?.storage === "durable", "the last is served by the next");
  second.close();
  must((await third.call("GetConnection")).ok?.storage === "durable", "and then by itself");
  third.close();
  const again = await tab();
  must((await again.call("GetConnection")).ok?.storage === "durable", "a page that is opened again has its files at once");
  again.close();
  return 1;
};

const report = (verdict) => fetch("verdict", { method: "POST", body: JSON.stringify(verdict) });
try {
  const shared = await tabs();
  const passed = await suite("memory") + await suite("files");
  const rounds = 15;
  const taken = await crashes(rounds);
  const fill = await patiently(() => start("fill", (said, end) => end(said)));
  await report({
    passed: passed + shared + 1,
    said: `${passed} cases passed, ${taken} taps outlived ${rounds} ends of their worker, three tabs shared an engine; first fill of ${fill.rows} rows: `
      + `${fill.memory} ms in memory, ${fill.files} ms on the origin's files`,
  });
} catch (failure) {
  await report({ failed: String(failure.message ?? failure) });
}
