// One save is one POST of the whole drawing. What does not arrive can be sent again: the same drawing twice is one deed.
window.sendDrawing = (() => {
  const TAKEN = "X-Planner-Fetch";

  // The page as the server has it now, for the proof that a form carries.
  const fresh = async (form) => {
    const came = await fetch(location.pathname, { cache: "no-store" });
    if (new URL(came.url).pathname === "/login") return false;
    const page = new DOMParser().parseFromString(await came.text(), "text/html");
    if (page.documentElement.dataset.mark !== document.documentElement.dataset.mark) return false;
    form.elements.csrf_token.value = page.querySelector("form[data-draw] [name=csrf_token]").value;
    return true;
  };

  // Gives what came of it: "saved" with where to go, "refused" with fields and sentences, "conflict" with the version that is there and the form to save with,
  // or what stands in the way: "unsent", "out" (signed out), "gone".
  return async (form, drawing) => {
    form.elements.line.value = JSON.stringify(drawing);
    const post = () => fetch(form.action, { method: "POST", body: new FormData(form), headers: { [TAKEN]: "line" } });
    try {
      let came = await post();
      if (came.status === 400 || came.status === 403) {
        if (!await fresh(form)) return { what: "out" };
        came = await post();
      }
      if (new URL(came.url).pathname === "/login" || came.status === 403) return { what: "out" };
      if (came.status === 404) return { what: "gone" };
      if (!came.headers.get("Content-Type")?.startsWith("application/json")) return { what: "unsent" };
      const answer = await came.json();
      if (came.status === 409) return { what: "conflict", version: answer.version, form: answer.form_id };
      return came.ok ? { what: "saved", to: answer.to } : { what: "refused", wrong: answer.wrong };
    } catch {
      return { what: "unsent" };
    }
  };
})();
