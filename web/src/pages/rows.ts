/**
 * Forms with rows: *another row* without a trip to the server, and no second sending by a double
 * click. Without this script the server does both.
 */

/** An empty row like the last one, with ids of its own; a choice `[data-again]` is made again. */
export function another(rows: ParentNode): HTMLElement | null {
  const last = [...rows.querySelectorAll<HTMLElement>("[data-row]")].at(-1);
  if (!last) return null;
  const row = last.cloneNode(true) as HTMLElement;
  const number = rows.querySelectorAll("[data-row]").length;
  for (const problem of row.querySelectorAll(".problem")) problem.remove();
  for (const named of row.querySelectorAll<HTMLElement>("[id]")) {
    named.id = named.id.replace(/\d+/, String(number));
    named.removeAttribute("aria-invalid");
    named.removeAttribute("aria-describedby");
  }
  for (const label of row.querySelectorAll("label")) {
    label.htmlFor = label.htmlFor.replace(/\d+/, String(number));
  }
  row.setAttribute(
    "aria-label",
    (last.getAttribute("aria-label") ?? "").replace(/\d+/, String(number + 1)),
  );
  for (const input of row.querySelectorAll("input")) input.value = "";
  for (const folded of row.querySelectorAll("details")) folded.open = false;
  const chosen = [...last.querySelectorAll("select")].map((select) => select.value);
  row.querySelectorAll("select").forEach((select, n) => {
    if (select.matches("[data-again]")) select.value = chosen[n] ?? "";
    else select.selectedIndex = 0;
  });
  last.after(row);
  return row;
}

const MOST = 12;

for (const rows of document.querySelectorAll<HTMLElement>("[data-rows]")) {
  const button = rows.querySelector<HTMLButtonElement>("[data-more]");
  button?.addEventListener("click", (event) => {
    event.preventDefault();
    another(rows)?.querySelector<HTMLElement>("select, input")?.focus();
    const full = rows.querySelectorAll("[data-row]").length >= MOST;
    button.hidden = full;
    for (const how of rows.querySelectorAll<HTMLElement>("[data-full]")) how.hidden = !full;
  });
}

for (const form of document.querySelectorAll("form")) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    const button = (event as SubmitEvent).submitter;
    if (!button?.matches("[data-once]")) return;
    if (sent) event.preventDefault();
    sent = true;
  });
  // Coming back to the page with the browser's Back: it may be sent again.
  window.addEventListener("pageshow", () => {
    sent = false;
  });
}
