// Copies of walk sheets on this phone: begun here, and cleared away when their time is over.
(() => {
  const workers = navigator.serviceWorker;
  if (!workers || !window.caches) return;
  const START = "walk /walks/", UNTIL = "X-Kept-Until", A_MONTH_S = 31 * 86400;
  const place = document.querySelector("[data-keep-at]")?.dataset.keepAt;
  const all = document.querySelector("[data-end-copies]");
  const safe = location.protocol === "https:";

  const end = async (name) => {
    await caches.delete(name);
    const found = await workers.getRegistration(name.slice("walk ".length));
    if (found?.scope.endsWith(name.slice("walk ".length))) await found.unregister();
  };
  const over = async (name) => {
    const kept = await caches.open(name), all = await Promise.all((await kept.keys()).map((one) => kept.match(one)));
    return all.some((one) => Number(one.headers.get(UNTIL) || Infinity) < Date.now());
  };
  const tidy = async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith(START));
    for (const name of names) if (all || await over(name)) await end(name);
    document.cookie = `${safe ? "__Host-" : ""}copies=1; path=/; max-age=${(names.length && !all) || place ? A_MONTH_S : 0}; samesite=strict${safe ? "; secure" : ""}`;
  };
  addEventListener("load", async () => {
    if (place) await workers.register(`${place}worker.js`, { scope: place }).catch(() => 0);
    await tidy().catch(() => 0);
  });
})();
