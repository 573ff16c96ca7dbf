/**
 * A report from the field: what is typed is kept in this tab until the server has it, and nothing
 * is sent into a network that isn't there. Without this script the form works all the same.
 */

const DRAFT = "heyi.report";
const TRY_MS = 8000;

type Fields = Record<string, string | boolean>;
type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function controls(form: HTMLFormElement): Control[] {
  return [...form.querySelectorAll<Control>("[name]")].filter((one) => one.type !== "file");
}

export function typed(form: HTMLFormElement): Fields {
  const found: Fields = {};
  for (const one of controls(form)) {
    found[one.name] =
      one instanceof HTMLInputElement && one.type === "checkbox" ? one.checked : one.value;
  }
  return found;
}

/** The form's key comes back too: a report that did arrive after all is not made twice. */
export function fill(form: HTMLFormElement, fields: Fields): void {
  for (const one of controls(form)) {
    const value = fields[one.name];
    if (typeof value === "boolean" && one instanceof HTMLInputElement) one.checked = value;
    else if (typeof value === "string") one.value = value;
  }
}

async function reachable(): Promise<boolean> {
  const answer = await fetch("/healthz", {
    cache: "no-store",
    signal: AbortSignal.timeout(TRY_MS),
  }).catch(() => null);
  return answer?.ok ?? false;
}

function keep(form: HTMLFormElement): void {
  const shownAgain = form.querySelector("[aria-invalid]") !== null;
  const draft = sessionStorage.getItem(DRAFT);
  // What the server shows again is newer than what was kept.
  if (draft && !shownAgain) fill(form, JSON.parse(draft) as Fields);
  form.addEventListener("input", () => {
    sessionStorage.setItem(DRAFT, JSON.stringify(typed(form)));
  });
}

function send(form: HTMLFormElement): void {
  const offline = document.querySelector<HTMLElement>("[data-offline]");
  let trying = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (trying) return;
    trying = true;
    sessionStorage.setItem(DRAFT, JSON.stringify(typed(form)));
    const there = await reachable();
    trying = false;
    if (offline) offline.hidden = there;
    if (there) form.submit();
    else offline?.scrollIntoView({ block: "center" });
  });
}

function locate(button: HTMLButtonElement, form: HTMLFormElement): void {
  const field = form.querySelector<HTMLInputElement>("#position");
  const said = form.querySelector<HTMLElement>("[data-located]");
  if (!field || !said || !("geolocation" in navigator)) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    said.textContent = button.dataset.looking ?? "";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        field.value = `${coords.latitude.toFixed(5)}, ${coords.longitude.toFixed(5)}`;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.closest<HTMLElement>("[data-position]")?.removeAttribute("hidden");
        said.textContent = "";
      },
      () => {
        said.textContent = button.dataset.failed ?? "";
      },
      { enableHighAccuracy: true, timeout: 15_000 },
    );
  });
}

const form = document.querySelector<HTMLFormElement>("form[data-report]");
if (form) {
  keep(form);
  send(form);
  const button = form.querySelector<HTMLButtonElement>("[data-locate]");
  if (button) locate(button, form);
}
if (document.querySelector("[data-sent]")) sessionStorage.removeItem(DRAFT);
