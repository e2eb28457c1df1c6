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

const report = (verdict) => fetch("verdict", { method: "POST", body: JSON.stringify(verdict) });
try {
  const passed = await suite("memory") + await suite("files");
  const rounds = 25;
  const taken = await crashes(rounds);
  await report({ passed: passed + 1, said: `${passed} cases passed, and ${taken} taps outlived ${rounds} ends of their worker` });
} catch (failure) {
  await report({ failed: String(failure.message ?? failure) });
}
