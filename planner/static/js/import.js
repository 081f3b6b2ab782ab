// Several files go one at a time, so that each one's fate is told at once and a lost network costs one file only.
(() => {
  const form = document.querySelector("[data-one-by-one]");
  if (!form || !window.fetch || !window.DOMParser) return;
  const input = form.querySelector("[type=file]"), status = form.querySelector("[role=status]");
  const report = document.getElementById("report"), list = report.querySelector("ul");
  const button = form.querySelector("button");
  const said = (words, more) => words.replace(/\{(\w+)\}/g, (all, name) => more[name] ?? all);

  const add = (item) => { report.hidden = false; list.append(item); };
  const lost = (name) => {
    const item = document.createElement("li"), text = document.createElement("p");
    item.className = "card";
    text.textContent = said(form.dataset.lost, { name });
    item.append(text);
    add(item);
  };
  const send = async (file, number) => {
    const body = new FormData(form);
    body.delete("files");
    body.append("files", file);
    body.set("number", number);
    const answer = await fetch(form.action, { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelectorAll("#report li.card");
    if (!found.length) throw new Error(answer.status);
    found.forEach((item) => add(document.adoptNode(item)));
  };
  form.addEventListener("submit", async (event) => {
    const files = [...input.files];
    if (files.length < 2) return;
    event.preventDefault();
    button.disabled = true;
    for (const [number, file] of files.entries()) {
      status.textContent = said(form.dataset.oneByOne, { number: number + 1, all: files.length, name: file.name });
      await send(file, number).catch(() => lost(file.name));
    }
    status.textContent = form.dataset.done;
    input.value = "";
    form.querySelector("[name=form_id]").value = crypto.randomUUID?.() ?? `${Date.now()}${Math.random()}`;
    button.disabled = false;
  });
})();
