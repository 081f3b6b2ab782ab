// What is wrong with a form that is sent by a script: beside each field, and together on top, where the focus goes.
window.showRefused = (form, wrong) => {
  const summary = form.querySelector("[data-refused]"), list = summary.querySelector("ul");
  const field = (id) => document.getElementById(`f-${id}`) ?? document.getElementById(id);
  form.querySelectorAll("[data-error]").forEach((one) => {
    const about = form.querySelector(`[aria-describedby~="${one.id}"]`);
    about?.removeAttribute("aria-invalid");
    about?.setAttribute("aria-describedby", about.getAttribute("aria-describedby").split(" ").filter((id) => id !== one.id).join(" "));
    one.remove();
  });
  form.querySelector("#errors:not([data-refused])")?.remove();
  list.replaceChildren(...wrong.map(([id, sentence]) => {
    const item = document.createElement("li"), to = field(id), beside = document.createElement("p");
    if (!to) return Object.assign(item, { textContent: sentence });
    item.append(Object.assign(document.createElement("a"), { href: `#${to.id}`, textContent: sentence }));
    Object.assign(beside, { id: `e-${id}`, className: "error", textContent: sentence }).dataset.error = id;
    (to.closest(".map-box") ?? to).before(beside);
    to.setAttribute("aria-describedby", `${to.getAttribute("aria-describedby") ?? ""} e-${id}`.trim());
    to.setAttribute("aria-invalid", "true");
    return item;
  }));
  summary.hidden = !wrong.length;
  if (wrong.length) summary.focus();
};
