/** Who has written from a lobby, and heard nothing yet. */
import { HOSTS } from "../people";
import type { Line } from "../talk/lists";

/** Seats in whose lobbies the last word is their own; the lines are in the order of their times. */
export function unanswered(lines: readonly Line[]): string[] {
  const last = new Map<string, Line>();
  for (const line of lines) if (line.to !== null) last.set(line.to, line);
  return [...last].flatMap(([seat, line]) =>
    line.mine || HOSTS.includes(line.role) ? [] : [seat],
  );
}
