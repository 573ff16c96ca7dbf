/** Lines drawn by hand, as they travel: few whole numbers. */

/** Places across a page, and down it. */
export const FINEST = 10_000;
export const MOST_POINTS = 200;

export type Colour = "red" | "blue" | "black";

export interface Line {
  /** x and y in turn. */
  readonly points: readonly number[];
  readonly colour: Colour;
  readonly width: number;
}

export interface Stroke extends Line {
  readonly id: string;
  readonly mine: boolean;
}

/** A share of the page's width or height as a place on it. */
export function placed(share: number): number {
  return Math.round(Math.min(1, Math.max(0, share)) * FINEST);
}

/** Not more points than may be sent, the first and the last among them; a dot is a line, too. */
export function sendable(points: readonly number[]): number[] {
  const count = points.length / 2;
  if (count === 1) return [...points, ...points];
  const kept = Math.min(count, MOST_POINTS);
  const few: number[] = [];
  for (let n = 0; n < kept; n += 1) {
    const at = kept === 1 ? 0 : Math.round((n * (count - 1)) / (kept - 1));
    few.push(points[2 * at] ?? 0, points[2 * at + 1] ?? 0);
  }
  return few;
}

/** For an SVG whose view box is the page's shape at a width of 1000. */
export function path(points: readonly number[], ratio: number): string {
  const parts: string[] = [];
  for (let n = 0; n + 1 < points.length; n += 2) {
    const x = ((points[n] ?? 0) / FINEST) * 1000;
    const y = ((points[n + 1] ?? 0) / FINEST) * (1000 / ratio);
    parts.push(`${n === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`);
  }
  return parts.join("");
}
