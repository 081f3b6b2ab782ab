// The only script of the client's page: keeps a copy for when there is no internet. The page works without it.
if ("serviceWorker" in navigator) {
  addEventListener("load", () => { navigator.serviceWorker.register("worker.js").catch(() => 0); });
}
