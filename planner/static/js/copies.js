// Copies of walk sheets on this phone: begun here, and cleared away when their time is over or another coach is there.
(() => {
  const workers = navigator.serviceWorker;
  if (!workers || !window.caches) return;
  const START = "walk ", UNTIL = "X-Kept-Until", A_MONTH_S = 31 * 86400;
  const place = document.querySelector("[data-keep-at]")?.dataset.keepAt;
  const all = document.querySelector("[data-end-copies]");
  const safe = location.protocol === "https:";

  const mine = `${START}${document.documentElement.dataset.mark} `;

  const end = async (name) => {
    await caches.delete(name);
    const scope = name.split(" ").pop(), found = await workers.getRegistration(scope);
    if (found?.scope.endsWith(scope)) found.unregister().catch(() => 0);
  };
  const over = async (name) => {
    const kept = await caches.open(name), all = await Promise.all((await kept.keys()).map((one) => kept.match(one)));
    return all.some((one) => Number(one.headers.get(UNTIL) || Infinity) < Date.now());
  };
  const tidy = async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith(START));
    for (const name of names) if (all || !name.startsWith(mine) || await over(name)) await end(name);
    document.cookie = `${safe ? "__Host-" : ""}copies=1; path=/; max-age=${(names.length && !all) || place ? A_MONTH_S : 0}; samesite=strict${safe ? "; secure" : ""}`;
  };
  addEventListener("load", async () => {
    if (place) await workers.register(`${place}worker.js`, { scope: place }).catch(() => 0);
    await tidy().catch(() => 0);
  });
})();
