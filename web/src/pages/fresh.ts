/** A part of a page that stays up to date by itself: `<div id="fresh" data-fresh="seconds">`. */

const IDLE_MS = 30 * 60_000;

const part = document.getElementById("fresh");

let touched = Date.now();

async function renew(shown: HTMLElement): Promise<void> {
  // Asking keeps the sign-in alive: not for somebody who has gone away.
  if (Date.now() - touched > IDLE_MS) return;
  // Not under somebody's hands, and not for a page nobody looks at.
  if (document.hidden || shown.contains(document.activeElement)) return;
  const answer = await fetch(window.location.href, { redirect: "error" }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const newer = page.getElementById("fresh");
  if (!newer || newer.innerHTML === shown.innerHTML) return;
  if (!shown.contains(document.activeElement)) shown.replaceChildren(...newer.childNodes);
}

if (part) {
  const again = () => void renew(part);
  setInterval(again, 1000 * Number(part.dataset.fresh));
  document.addEventListener("visibilitychange", again);
  for (const sign of ["pointermove", "keydown"]) {
    document.addEventListener(sign, () => {
      touched = Date.now();
    });
  }
}
