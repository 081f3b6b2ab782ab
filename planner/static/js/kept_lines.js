// What is drawn stays on this device until it is saved: the line, its places and the name, encrypted, for 7 days at most.
// Under the mark of the coach and a key of theirs that never leaves the browser. It goes at signing out, which asks first.
window.keptLines ??= (() => {
  const WEEK_MS = 7 * 864e5, NEW = "new.", safe = location.protocol === "https:";
  const { mark } = document.documentElement.dataset, name = (key) => `line ${mark} ${key}`;
  const ended = document.querySelector("[data-ended]")?.dataset.ended;
  const all = () => { try { return Object.keys(localStorage).filter((one) => one.startsWith("line ")); } catch { return []; } };
  const opened = (full) => { try { return JSON.parse(localStorage.getItem(full)); } catch { return null; } };
  const remove = (full) => { try { localStorage.removeItem(full); } catch { /* nothing is kept */ } };

  const keys = (mode, act) => new Promise((done, fail) => {
    const asked = indexedDB.open("lines", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("keys");
    asked.onerror = () => fail(asked.error);
    asked.onsuccess = () => {
      const db = asked.result, deal = db.transaction("keys", mode), got = act(deal.objectStore("keys"));
      deal.oncomplete = () => { db.close(); done(got.result); };
      deal.onabort = deal.onerror = () => { db.close(); fail(deal.error); };
    };
  });
  const held = () => keys("readonly", (all) => all.get(mark));
  const cipher = async () => {
    const found = await held();
    if (found) return found;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    // The key of another page that was quicker stays: a drawing may lie under it.
    await keys("readwrite", (all) => all.add(made, mark)).catch(() => 0);
    return held();
  };
  const how = (iv, full) => ({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(full) });
  const packed = (buffer) => btoa(Array.from(new Uint8Array(buffer), (one) => String.fromCharCode(one)).join(""));
  const unpacked = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));

  // Sign-out asks first while this says so: the routes by the mark of whose drawing it is.
  const tell = () => {
    const by = {};
    for (const [, whose, key] of all().map((one) => one.split(" "))) (by[whose] ||= []).push(key.startsWith(NEW) ? "new" : key);
    const said = Object.entries(by).map(([whose, keys]) => `${whose}.${[...new Set(keys)].join("-")}`).join("_");
    document.cookie = `${safe ? "__Host-" : ""}lines=${said}; path=/; max-age=${said ? WEEK_MS / 1000 : 0}; samesite=strict${safe ? "; secure" : ""}`;
  };
  const over = (full) => !(Date.now() - opened(full)?.at < WEEK_MS);
  all().filter((one) => one.startsWith(`line ${ended} `) || over(one)).forEach(remove);
  if (ended) keys("readwrite", (all) => all.delete(ended)).catch(() => 0);
  tell();

  // One after the other, and only the last of what waits: says nothing of one that was passed over.
  let busy = Promise.resolve(), last = 0;
  const keep = (key, drawn) => {
    const turn = last += 1, full = name(key);
    return busy = busy.then(async () => {
      if (turn < last) return null;
      try {
        const iv = crypto.getRandomValues(new Uint8Array(12));
        const sealed = await crypto.subtle.encrypt(how(iv, full), await cipher(), new TextEncoder().encode(JSON.stringify(drawn)));
        localStorage.setItem(full, JSON.stringify({ at: drawn.at, iv: packed(iv), sealed: packed(sealed) }));
        tell();
        return true;
      } catch {
        return false;
      }
    });
  };
  const forget = (key) => {
    last += 1;
    return busy = busy.then(() => {
      remove(name(key));
      tell();
    });
  };
  const read = async (key) => {
    try {
      const full = name(key), { iv, sealed } = opened(full);
      return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(how(unpacked(iv), full), await cipher(), unpacked(sealed))));
    } catch {
      return null;
    }
  };
  // Whether no other tab draws this one. Where a browser cannot say, none does.
  const take = (key) => new Promise((said) => {
    if (!navigator.locks) return said(true);
    navigator.locks.request(name(key), { ifAvailable: true }, (lock) => {
      said(lock !== null);
      return lock && new Promise(() => 0);
    }).catch(() => said(true));
  });
  // The newest drawing of a new route that no other tab has in hand.
  const left = async () => {
    const mine = all().filter((one) => one.startsWith(name(NEW))).sort((a, b) => opened(b).at - opened(a).at);
    for (const key of mine.map((one) => one.split(" ")[2])) if (await take(key)) return key;
    return null;
  };
  return { keep, forget, take, left, read };
})();
