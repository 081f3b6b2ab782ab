// What is drawn stays on this device until it is saved: under the mark of the coach, so that another one does not see it.
// It goes at signing out.
window.keptLines = (() => {
  const page = document.documentElement.dataset, name = (mark, route) => `line ${mark} ${route}`;
  const ended = document.querySelector("[data-ended]")?.dataset.ended;
  const all = () => { try { return Object.keys(localStorage); } catch { return []; } };
  if (ended) all().filter((one) => one.startsWith(`line ${ended} `)).forEach((one) => localStorage.removeItem(one));

  const keep = (route, drawn) => {
    try {
      localStorage.setItem(name(page.mark, route), JSON.stringify(drawn));
      return true;
    } catch {
      return false;
    }
  };
  const read = (route) => { try { return JSON.parse(localStorage.getItem(name(page.mark, route))); } catch { return null; } };
  const forget = (route) => { try { localStorage.removeItem(name(page.mark, route)); } catch { /* nothing is kept */ } };
  return { keep, read, forget };
})();
