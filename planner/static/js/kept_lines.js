// What is drawn stays on this device until it is saved: the line, its places and the name, readable, for 7 days at most.
// Under the mark of the coach, so that another one does not see it. It goes at signing out, which asks first.
window.keptLines ??= (() => {
  const WEEK_MS = 7 * 864e5, NEW = "new.", safe = location.protocol === "https:";
  const { mark } = document.documentElement.dataset, name = (key) => `line ${mark} ${key}`;
  const ended = document.querySelector("[data-ended]")?.dataset.ended;
  const all = () => { try { return Object.keys(localStorage).filter((one) => one.startsWith("line ")); } catch { return []; } };
  const opened = (full) => { try { return JSON.parse(localStorage.getItem(full)); } catch { return null; } };
  const remove = (full) => { try { localStorage.removeItem(full); } catch { /* nothing is kept */ } };

  // Sign-out asks first while this says so: the routes by the mark of whose drawing it is.
  const tell = () => {
    const by = {};
    for (const [, whose, key] of all().map((one) => one.split(" "))) (by[whose] ||= []).push(key.startsWith(NEW) ? "new" : key);
    const said = Object.entries(by).map(([whose, keys]) => `${whose}.${[...new Set(keys)].join("-")}`).join("_");
    document.cookie = `${safe ? "__Host-" : ""}lines=${said}; path=/; max-age=${said ? WEEK_MS / 1000 : 0}; samesite=strict${safe ? "; secure" : ""}`;
  };
  const over = (full) => !(Date.now() - opened(full)?.at < WEEK_MS);
  all().filter((one) => one.startsWith(`line ${ended} `) || over(one)).forEach(remove);
  tell();

  const keep = (key, drawn) => {
    try {
      localStorage.setItem(name(key), JSON.stringify(drawn));
      tell();
      return true;
    } catch {
      return false;
    }
  };
  const forget = (key) => {
    remove(name(key));
    tell();
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
  return { keep, forget, take, left, read: (key) => opened(name(key)) };
})();
