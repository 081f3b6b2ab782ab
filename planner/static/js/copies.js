// Copies of walk sheets on this phone: begun here, and cleared away when their time is over or another coach is there.
(() => {
  const workers = navigator.serviceWorker;
  if (!workers || !window.caches) return;
  const START = "walk ", UNTIL = "X-Kept-Until", AHEAD = "X-Clock-Ahead", A_MONTH_S = 31 * 86400;
  const place = document.querySelector("[data-keep-at]")?.dataset.keepAt;
  const all = document.querySelector("[data-end-copies]");
  const safe = location.protocol === "https:";

  const mine = `${START}${document.documentElement.dataset.mark} `;

  const end = async (name) => {
    await caches.delete(name);
    const scope = name.split(" ").pop(), found = await workers.getRegistration(scope);
    if (found?.scope.endsWith(scope)) found.unregister().catch(() => 0);
  };
  // The time is the server's: the clock of a phone may be changed. Without a network nobody knows it, and nothing ends.
  const heard = async () => {
    const came = navigator.onLine && await fetch("/healthz", { method: "HEAD", cache: "no-store" }).catch(() => 0);
    return came ? Date.parse(came.headers.get("Date")) : NaN;
  };
  // What is not over learns how far this clock is ahead now, for when there is no network.
  const over = async (name, now) => {
    const kept = await caches.open(name);
    for (const one of await kept.keys()) {
      const found = await kept.match(one), headers = new Headers(found.headers), until = Number(headers.get(UNTIL));
      if (until && until < now) return true;
      headers.set(AHEAD, String(Date.now() - now));
      if (until && now) await kept.put(one, new Response(await found.blob(), { headers }));
    }
    return false;
  };
  const tidy = async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith(START));
    const now = names.length && !all ? await heard() : NaN;
    for (const name of names) if (all || !name.startsWith(mine) || await over(name, now)) await end(name);
    document.cookie = `${safe ? "__Host-" : ""}copies=1; path=/; max-age=${(names.length && !all) || place ? A_MONTH_S : 0}; samesite=strict${safe ? "; secure" : ""}`;
  };
  addEventListener("load", async () => {
    if (place) await workers.register(`${place}worker.js`, { scope: place }).catch(() => 0);
    await tidy().catch(() => 0);
  });
})();
