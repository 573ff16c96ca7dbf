/**
 * Lists with ticks: all of the page at once, and how many are ticked. Without this script each
 * row is ticked by itself.
 */
export {};

const all = document.querySelector<HTMLInputElement>("#all");
const ticks = [...document.querySelectorAll<HTMLInputElement>("input[form=bulk][name=case]")];
const said = document.querySelector<HTMLElement>("[data-ticked]");

function show(): void {
  const number = ticks.filter((tick) => tick.checked).length;
  if (all) {
    all.checked = number === ticks.length;
    all.indeterminate = number > 0 && number < ticks.length;
  }
  if (said) {
    const text = said.dataset.ticked ?? "";
    said.textContent = number ? text.replace("#", String(number)) : "";
  }
}

if (all) {
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const tick of ticks) tick.checked = all.checked;
    show();
  });
}
for (const tick of ticks) tick.addEventListener("change", show);
// The browser may have kept the ticks of a page one comes back to.
window.addEventListener("pageshow", show);
