// A sentence goes where the cursor was. Without this file its button sends the form, and it comes back with the sentence.
(() => {
  const form = document.getElementById("note"), into = document.getElementById("f-insert_into");
  let area;
  const typed = (e) => e.dispatchEvent(new Event("input", { bubbles: true }));
  form.addEventListener("focusin", (e) => { if (e.target.matches("textarea")) area = e.target; });
  into.addEventListener("change", () => { area = form.elements[into.value]; });
  document.querySelectorAll("[data-sentence]").forEach((b) => b.addEventListener("click", (e) => {
    e.preventDefault();
    area ??= form.elements[into.value];
    const fold = area.closest("details"), before = area.value.slice(0, area.selectionStart);
    if (fold) fold.open = true;
    area.setRangeText((/\S$/.test(before) ? " " : "") + b.dataset.sentence, area.selectionStart, area.selectionEnd, "end");
    area.focus();
    typed(area);
  }));
  if ("unsaved" in form.dataset) typed(form.querySelector("textarea"));
})();
