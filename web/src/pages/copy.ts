/** Buttons that copy a field: `<button data-copy="id of the field" data-done="Copied" hidden>`. */

/** A closed fold in which this stands. */
function folded(field: HTMLElement): HTMLDetailsElement | null {
  return field.closest<HTMLDetailsElement>("details:not([open])");
}

async function copied(field: HTMLInputElement | HTMLTextAreaElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    // Without TLS there is no clipboard to write to, but what is seen and selected can be copied.
    for (let fold = folded(field); fold; fold = folded(field)) fold.open = true;
    field.select();
    return document.execCommand("copy");
  }
}

function prepare(button: HTMLButtonElement): void {
  const field = document.getElementById(button.dataset.copy ?? "");
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
  const said = document.createElement("span");
  said.className = "said";
  said.setAttribute("role", "status");
  button.after(said);
  button.hidden = false;
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    said.textContent = "";
    const done = await copied(field);
    if (done) said.textContent = button.dataset.done ?? "";
    else field.select();
  });
}

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
  prepare(button);
}
