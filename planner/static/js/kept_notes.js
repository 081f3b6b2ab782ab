// The notes that wait on this phone: sealed, by walk, and cleared away when their time is over. The pages work without it.
window.keptNotes = (() => {
  const WEEK_MS = 7 * 864e5;
  const find = (what, inside = document) => inside.querySelector(what);
  const safe = location.protocol === "https:";
  const able = !!(window.indexedDB && window.crypto?.subtle);
  const bytes = (text) => new TextEncoder().encode(text);
  const mark = document.documentElement.dataset.mark;

  // What this phone keeps of a coach: one key that never leaves the browser, and the sealed drafts by walk. A page of
  // another coach (the mark in it says so) leaves them as they are.
  const opened = () => new Promise((done, fail) => {
    const asked = indexedDB.open("notes", 1);
    asked.onupgradeneeded = () => ["keys", "drafts"].forEach((name) => asked.result.createObjectStore(name));
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  const within = async (name, mode, act) => {
    const db = await opened();
    try {
      return await new Promise((done, fail) => {
        const deal = db.transaction(name, mode), asked = act(deal.objectStore(name));
        deal.oncomplete = () => done(asked.result);
        deal.onabort = deal.onerror = () => fail(deal.error);
      });
    } finally {
      db.close();
    }
  };
  const read = (name, id) => within(name, "readonly", (kept) => kept.get(id));
  const cipher = async () => {
    const name = `note ${mark}`, found = await read("keys", name);
    if (found) return found;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    // The key of another page that was quicker stays: drafts may lie under it.
    await within("keys", "readwrite", (kept) => kept.add(made, name)).catch(() => 0);
    return read("keys", name);
  };
  const how = (iv, walk) => ({ name: "AES-GCM", iv, additionalData: bytes(`note draft ${mark} ${walk}`) });
  const at = (walk) => `${mark} ${walk}`;
  const allKept = () => within("drafts", "readonly", (kept) => kept.getAllKeys());

  // Sign-out asks first while this says so: the walks by the mark of whose note it is.
  const tellWaiting = async () => {
    const by = {};
    for (const [whose, walk] of (await allKept()).map((one) => one.split(" "))) (by[whose] ||= []).push(walk);
    const said = Object.entries(by).map(([whose, walks]) => `${whose}.${walks.join("-")}`).join("_");
    const ends = said ? WEEK_MS / 1000 : 0;
    document.cookie = `${safe ? "__Host-" : ""}waits=${said}; path=/; max-age=${ends}; samesite=strict${safe ? "; secure" : ""}`;
  };

  // The time is the server's: the clock of a phone may be wrong. Without a network nobody knows it.
  let clock = null;
  const hear = (page) => { clock = { at: Number(find("[data-now]", page).dataset.now), since: performance.now() }; };
  const now = () => clock && clock.at + performance.now() - clock.since;

  const keep = async (walk, text, edited = now()) => {
    const key = await cipher(), iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt(how(iv, walk), key, bytes(JSON.stringify(text)));
    await within("drafts", "readwrite", (kept) => kept.put({ iv, sealed, edited, waiting: !!text.waiting }, at(walk)));
    await tellWaiting();
  };
  const kept = async (walk) => {
    const found = await read("drafts", at(walk));
    if (!found) return undefined;
    const plain = await crypto.subtle.decrypt(how(found.iv, walk), await cipher(), found.sealed);
    return JSON.parse(new TextDecoder().decode(plain));
  };
  const forget = async (walk) => {
    await within("drafts", "readwrite", (all) => all.delete(at(walk)));
    await tellWaiting();
  };
  const change = async (id, more) => {
    const one = await read("drafts", id);
    if (one) await within("drafts", "readwrite", (all) => all.put({ ...one, ...more }, id));
  };
  const tried = (walk) => change(at(walk), { tried: true });
  const editedAt = async (walk) => (await read("drafts", at(walk)))?.edited;
  // Seven days by the server's clock after the last change, or from when the clock was heard after it. What the coach
  // sent is tried once more first.
  const sweep = async () => {
    if (now() === null) return;
    for (const id of (await allKept()).filter((one) => one.startsWith(`${mark} `))) {
      const one = await read("drafts", id);
      if (one.edited === null) await change(id, { edited: now() });
      else if (now() - one.edited > WEEK_MS && (!one.waiting || one.tried)) {
        await forget(id.split(" ")[1]);
        find("[data-swept]").hidden = false;
      }
    }
    await tellWaiting();
  };
  // After signing out, on a phone where a note of another coach waits.
  const end = async (whose) => {
    for (const id of (await allKept()).filter((one) => one.startsWith(`${whose} `))) {
      await within("drafts", "readwrite", (all) => all.delete(id));
    }
    await within("keys", "readwrite", (all) => all.delete(`note ${whose}`));
    await tellWaiting();
  };
  const tidy = async () => {
    const fromCopy = find("[data-kept]:not([hidden])"), ended = find("[data-ended]")?.dataset.ended;
    if (ended && able) await end(ended).catch(() => 0);
    if (!mark) return;
    if (find("[data-now]") && !fromCopy) hear(document);
    if (able) await sweep().catch(() => 0);
  };
  return { able, mark, hear, keep, kept, forget, tried, editedAt, tidied: tidy() };
})();
