/** The person something was just done about: their card keeps the focus where it moves to. */
let touched: string | null = null;

export function touch(seat: string): void {
  touched = seat;
}

/** Whether this card should take the focus now; once. */
export function takeFocus(seat: string, card: HTMLElement | null): boolean {
  if (touched !== seat || card?.contains(document.activeElement)) return false;
  touched = null;
  return true;
}
