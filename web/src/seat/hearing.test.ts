import { expect, test } from "vitest";
import { member } from "./example";
import { hearing } from "./hearing";

const people = [member("me"), member("a", { name: "An" }), member("b", { name: "Bo" })];

test("who hears is who is sent to, not who is on the list", () => {
  const told = hearing({ slots: [], heard_by: ["a"], screen: null }, people, "me", true);
  expect(told).toEqual({ kind: "heard", sentence: "You are heard by An." });
});

test("nobody is nobody, whatever the microphone", () => {
  expect(hearing({ slots: ["a"], heard_by: [], screen: null }, people, "me", true).kind).toBe(
    "nobody",
  );
  expect(hearing({ slots: ["a"], heard_by: ["me"], screen: null }, people, "me", true).kind).toBe(
    "nobody",
  );
});

test("with the microphone off, one reads who would hear", () => {
  const told = hearing({ slots: [], heard_by: ["a", "b"], screen: null }, people, "me", false);
  expect(told.kind).toBe("if_speaking");
  expect(told.sentence).toContain("An and Bo");
});

test("somebody who isn't on the list yet is not passed over", () => {
  const told = hearing(
    { slots: [], heard_by: ["a", "stranger"], screen: null },
    people,
    "me",
    true,
  );
  expect(told.sentence).toContain("somebody who is just arriving");
});

test("whoever is alone with an open microphone is told that nobody is there to hear", () => {
  const nowhere = { slots: [], heard_by: [], screen: null };
  const alone = [member("me"), member("a", { present: false })];
  expect(hearing(nowhere, alone, "me", true).sentence).toContain("nobody is here to hear you");
  expect(hearing(nowhere, alone, "me", false).sentence).toBe("Nobody hears you now.");
  expect(hearing(nowhere, people, "me", true).sentence).toBe("Nobody hears you now.");
});
