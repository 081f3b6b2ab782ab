// Extras only: every page works without this file.
(() => {
  const doc = document, all = (what, inside = doc) => [...inside.querySelectorAll(what)];
  const nl = doc.documentElement.lang == "nl";
  const pends = (e) => e?.dataset?.pending != null;
  const on = doc.addEventListener.bind(doc);
  // Takes over the named boxes of a fresh page; not the one somebody is working in. Folds stay as they are.
  const swap = async (ids, got) => {
    const page = new DOMParser().parseFromString(await got.text(), "text/html");
    return ids.split(" ").map((id) => {
      const old = doc.getElementById(id), fresh = page.getElementById(id);
      if (!old || !fresh || old.contains(doc.activeElement)) return fresh;
      const folds = all("details", fresh);
      all("details", old).forEach((f, n) => { if (folds[n]) folds[n].open = f.open; });
      old.replaceWith(fresh);
      return fresh;
    })[0];
  };

  // Typed text is not lost by leaving; a form that came back holds it already.
  let unsaved = all("[data-typed]").length;
  on("input", (e) => { unsaved ||= e.target.matches("form[method=post] :is(textarea,[type=text])"); });
  on("submit", () => { unsaved = 0; });
  addEventListener("beforeunload", (e) => unsaved && e.preventDefault());

  // A chip and the field behind it: the last one touched counts.
  on("change", ({ target: t }) => {
    all("input", t.closest(".moment") || t).forEach((i) => {
      if (i == t || (t.type !== "radio" && !t.value)) return;
      if (i.type === "radio") i.checked &&= t.type === "radio"; else i.value = "";
    });
  });

  // The chosen day and time in words, without the year from..to; the weather of the plan in the making.
  all("form").forEach((form) => {
    const echo = form.querySelector("[data-echo]"), box = form.dataset.preview;
    const last = (name) => new FormData(form).getAll(name).filter(Boolean).pop();
    let timer, going, left = 15;
    const say = () => {
      const day = last("date"), at = last("time"), { from, to } = echo.dataset;
      echo.textContent = [day && new Date(day + "T12:00").toLocaleDateString(nl ? "nl" : "en-GB", { dateStyle: "full" })
        .replace(",", "").slice(0, day < from || day > to ? 99 : -5),
      at && (nl ? at.replace(/^0?(.*):/, "$1.") + " uur" : at)].filter(Boolean).join(", ");
    };
    const look = async () => {
      going?.abort();
      going = new AbortController();
      const body = new FormData(form);
      body.set("action", "preview");
      try {
        const came = await fetch(form.getAttribute("action") || "", { method: "POST", body, signal: going.signal });
        const fresh = came.ok && await swap(box, came);
        if (echo) say();
        if (pends(fresh) && left-- > 0) timer = setTimeout(look, 2000);
      } catch { /* the button still works */ }
    };
    if (box?.split(" ").some((id) => pends(doc.getElementById(id)))) timer = setTimeout(look, 2000);
    form.onchange = () => {
      if (echo) say();
      left = 15;
      clearTimeout(timer);
      if (box) timer = setTimeout(look, 400);
    };
  });

  // Weather that is on its way.
  const wait = ({ id, dataset }, left) => setTimeout(async () => {
    const fresh = await fetch(dataset.refreshSrc).then((got) => swap(id, got)).catch(() => 0);
    if (left > 1 && (!fresh || pends(fresh))) wait({ id, dataset }, left - 1);
  }, 2000);
  all("[data-refresh-src][data-pending]").forEach((e) => wait(e, 15));

  // Copy and share.
  all("[data-copy]").forEach((b) => {
    b.hidden = false;
    b.onclick = async () => {
      const url = b.dataset.copy;
      if ("share" in b.dataset && navigator.share) return navigator.share({ url }).catch(() => 0);
      await navigator.clipboard.writeText(url);
      b.nextElementSibling.textContent = b.dataset.done;
    };
  });

  // The account menu closes when it is left.
  on("click", (e) => all(".me[open]").forEach((m) => { m.open = m.contains(e.target); }));
})();
