/** Whom one sees large: a matter of one's own, which nobody else is told. */
import type { View } from "../wire/protocol.gen";

/** Whom one sees large: as one has chosen (`""`: nobody), else who interprets into signs. */
export function large(view: View, chosen: string | null): string | null {
  const there = view.members.filter((m) => m.seat !== view.seat);
  if (chosen !== null) return there.find((m) => m.seat === chosen)?.seat ?? null;
  return there.find((m) => m.signs && m.present)?.seat ?? null;
}

/** Whose pictures one wants, however many there are. */
export function lookedAt(view: View | null, chosen: string | null): string[] {
  const seat = view && large(view, chosen);
  return seat ? [seat] : [];
}
