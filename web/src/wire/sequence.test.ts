import { expect, test } from "vitest";
import { Sequence } from "./sequence";

test("events come once and in order", () => {
  const sequence = new Sequence();
  expect(sequence.take(7)).toBe("next");
  expect(sequence.take(8)).toBe("next");
  expect(sequence.take(8)).toBe("seen");
  expect(sequence.take(7)).toBe("seen");
  expect(sequence.last).toBe(8);
});

test("a hole is noticed and not taken", () => {
  const sequence = new Sequence();
  sequence.take(1);
  expect(sequence.take(3)).toBe("hole");
  expect(sequence.last).toBe(1);
});

test("a new connection may begin anywhere; what it then sends is in order again", () => {
  const sequence = new Sequence();
  sequence.take(5);
  sequence.begin();
  expect(sequence.take(9)).toBe("next");
  expect(sequence.take(11)).toBe("hole");
  sequence.begin();
  expect(sequence.take(2)).toBe("next");
  expect(sequence.last).toBe(2);
});
