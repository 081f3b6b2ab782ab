// Passkeys: only the browser can ask for one. What it answers is sent with the form.
(() => {
  const bytes = (said) => Uint8Array.from(atob(said.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const said = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));
  const asked = (o, adding) => ({
    ...o, challenge: bytes(o.challenge),
    ...(adding ? { user: { ...o.user, id: bytes(o.user.id) }, excludeCredentials: listed(o.excludeCredentials) }
      : { allowCredentials: listed(o.allowCredentials) }),
  });
  const answered = ({ id, rawId, type, response: r }) => JSON.stringify({
    id, rawId: said(rawId), type, clientExtensionResults: {},
    response: Object.fromEntries(["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]
      .filter((name) => r[name]).map((name) => [name, said(r[name])])),
  });
  if (!window.PublicKeyCredential) return;
  document.querySelectorAll("[data-without-passkey]").forEach((line) => { line.hidden = true; });
  document.querySelectorAll("[data-passkey]").forEach((button) => {
    const form = button.form, field = form.querySelector(`[name=${button.dataset.into}]`);
    const says = button.parentElement.querySelector("[data-failed]"), adding = button.dataset.passkey == "add";
    button.hidden = false;
    button.addEventListener("click", async () => {
      // Without a name it would not be kept: no key is made for nothing.
      if (adding && !form.elements["name"].value.trim()) return form.requestSubmit();
      button.disabled = true;
      says.hidden = true;
      try {
        const came = await fetch(button.dataset.question);
        // The page stood open for long: first it is asked once more who is there.
        if (came.redirected) return location.reload();
        const publicKey = asked(await came.json(), adding);
        field.value = answered(await navigator.credentials[adding ? "create" : "get"]({ publicKey }));
        form.requestSubmit();
      } catch {
        says.hidden = false;
      }
      button.disabled = false;
    });
  });
})();
