/** Two people wrote on the same text: both changes in one, if they are in different lines. */

/** `null` where both changed the same lines: then somebody has to choose. */
export function merge(base: string, mine: string, theirs: string): string | null {
  if (mine === base || mine === theirs) return theirs;
  if (theirs === base) return mine;
  const lines = base.split("\n");
  const a = change(lines, mine.split("\n"));
  const b = change(lines, theirs.split("\n"));
  const [first, second] = a.from <= b.from ? [a, b] : [b, a];
  // Two that touch, or that add at the same place, could be in either order.
  if (second.from <= first.to && !(first.to === second.from && first.from < first.to)) return null;
  return [
    ...lines.slice(0, first.from),
    ...first.now,
    ...lines.slice(first.to, second.from),
    ...second.now,
    ...lines.slice(second.to),
  ].join("\n");
}

interface Change {
  /** These lines of the base were replaced, `to` not included. */
  from: number;
  to: number;
  now: string[];
}

function change(base: readonly string[], after: readonly string[]): Change {
  let from = 0;
  while (from < base.length && from < after.length && base[from] === after[from]) from += 1;
  let same = 0;
  const most = Math.min(base.length, after.length) - from;
  while (same < most && base.at(-1 - same) === after.at(-1 - same)) same += 1;
  return { from, to: base.length - same, now: after.slice(from, after.length - same) };
}

/** Where the caret belongs after a text was changed under it. */
export function moved(caret: number, before: string, after: string): number {
  let same = 0;
  while (same < before.length && same < after.length && before[same] === after[same]) same += 1;
  return caret <= same ? caret : Math.max(same, caret + after.length - before.length);
}
