// A sentence goes where the cursor was. Without this file its button sends the form, and it comes back with the sentence.
(() => {
  const form = document.getElementById("note"), into = document.getElementById("f-insert_into");
  if (!form || !into) return;
  let area;
  const typed = (e) => e.dispatchEvent(new Event("input", { bubbles: true }));
  form.addEventListener("focusin", (e) => { if (e.target.matches("textarea")) area = e.target; });
  const chosen = () => {
    area = form.elements[into.value];
    area.setSelectionRange(area.value.length, area.value.length);
  };
  into.addEventListener("change", chosen);
  document.querySelectorAll("[data-sentence]").forEach((b) => b.addEventListener("click", (e) => {
    e.preventDefault();
    if (!area) chosen();
    const { value, selectionStart: from, selectionEnd: to } = area, fold = area.closest("details");
    const before = /\S$/.test(value.slice(0, from)) ? " " : "", after = /^\S/.test(value.slice(to)) ? " " : "";
    if (fold) fold.open = true;
    area.setRangeText(before + b.dataset.sentence + after, from, to, "end");
    area.focus();
    typed(area);
  }));
  if ("putIn" in form.dataset) typed(form.querySelector("textarea"));
})();
