import { describe, expect, it } from "vitest";
import { LONGEST, within } from "../../smaller";
import { whoReads } from "./panel";
import { widthFor } from "./pictures";
import { FINEST, MOST_POINTS, path, placed, sendable } from "./strokes";
import { CLOSEST, COMMON, closer, fitted, held, isCommon, moved } from "./zoom";

describe("looking closer", () => {
  const window = { width: 300, height: 200 };
  const page = fitted(window, 1);

  it("begins with the whole page", () => {
    expect(page).toEqual({ width: 200, height: 200 });
    expect(fitted(window, 3)).toEqual({ width: 300, height: 100 });
  });

  it("keeps what is under the fingers where it is", () => {
    const zoom = closer(COMMON, 2, 50, -40);
    const under = { x: (50 - zoom.x) / zoom.scale, y: (-40 - zoom.y) / zoom.scale };
    expect(under).toEqual({ x: 50, y: -40 });
  });

  it("never loses the page, and comes back to the common view", () => {
    const far = held(moved(closer(COMMON, 2, 0, 0), 9999, -9999), page, window);
    expect(far).toEqual({ scale: 2, x: 50, y: -100 });
    expect(isCommon(held(closer(far, 0.01, 0, 0), page, window))).toBe(true);
    expect(closer(COMMON, 1000, 0, 0).scale).toBe(CLOSEST);
  });
});

describe("lines", () => {
  it("stay on the page", () => {
    expect([placed(-1), placed(0.5), placed(2)]).toEqual([0, FINEST / 2, FINEST]);
  });

  it("have a beginning, an end, and not too many points between", () => {
    const long = Array.from({ length: 2000 }, (_, n) => n);
    const sent = sendable(long);
    expect(sent.length).toBe(2 * MOST_POINTS);
    expect(sent.slice(0, 2)).toEqual([0, 1]);
    expect(sent.slice(-2)).toEqual([1998, 1999]);
    expect(sendable([7, 8])).toEqual([7, 8, 7, 8]);
    expect(sendable([1, 2, 3, 4])).toEqual([1, 2, 3, 4]);
  });

  it("are drawn in the page's shape", () => {
    expect(path([0, 0, FINEST, FINEST], 2)).toBe("M0.0 0.0L1000.0 500.0");
  });
});

it("makes photos smaller and never larger", () => {
  expect(within(4000, 3000)).toEqual({ width: LONGEST, height: 1920 });
  expect(within(600, 800)).toEqual({ width: 600, height: 800 });
});

it("asks for few different widths", () => {
  expect([1, 801, 1601, 9999].map(widthFor)).toEqual([800, 1600, 3200, 3200]);
});

it("says in words who may see a paper", () => {
  const paper = { open: false, side: "A", release: "keep", kept: false } as const;
  expect(whoReads(paper)).toContain("Side A");
  expect(whoReads({ ...paper, release: "refused" })).toContain("keep it to themselves");
  expect(whoReads({ ...paper, side: "" })).toContain("Only those who were there");
  expect(whoReads({ ...paper, open: true, side: "", kept: true })).toBe(
    "Everybody in the meeting may see it. In the case's file.",
  );
});
