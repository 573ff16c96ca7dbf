import { expect, test } from "vitest";
import { member, view } from "./example";
import { spaceName, spaceSentence } from "./space";

const PHONE = "12348";

test("the name of the space begins as it was agreed", () => {
  expect(spaceName(view({ place: "lobby" }))).toMatch(/^Lobby/);
  expect(spaceName(view({ place: "joint" }))).toMatch(/^Joint/);
  expect(spaceName(view({ place: "caucus" }))).toMatch(/^Private/);
  expect(spaceName(view({ place: "side" }))).toMatch(/^Your side/);
});

test("in the lobby: the host's name, the telephone, and who may come", () => {
  const waiting = view({ place: "lobby", admitted: false, host_state: "elsewhere", members: [] });
  expect(spaceSentence(waiting, true, PHONE)).toMatch(
    /Nobody can see or hear you.*Wang knows.*12348/,
  );
  const early = { ...waiting, host_state: "not_here_yet" } as const;
  expect(spaceSentence(early, true, PHONE)).toContain("Wang is not here yet");
  expect(spaceSentence({ ...waiting, claim: true }, true, PHONE)).toContain("another device");
});

test("in a caucus exactly those connected are named", () => {
  const caucus = view({
    place: "caucus",
    members: [
      member("me"),
      member("host", { name: "Wang", chair: true }),
      member("son", { name: "Li" }),
      member("gone", { name: "Zhao", present: false }),
    ],
  });
  const sentence = spaceSentence(caucus, true, PHONE);
  expect(sentence).toContain("Only you and Wang and Li are connected");
  expect(sentence).not.toContain("Zhao");
});

test("a lost host is said everywhere, and that the sides don't hear each other once it is so", () => {
  const lost = view({ host_state: "lost" });
  expect(spaceSentence(lost, true, PHONE)).toMatch(
    /Wang has lost connection\. It isn't your fault/,
  );
  expect(spaceSentence(lost, true, PHONE)).not.toContain("two sides");
  expect(spaceSentence({ ...lost, silenced: true }, true, PHONE)).toContain("two sides can't hear");
  expect(spaceSentence({ ...lost, place: "side" }, true, PHONE)).toContain("two sides can't hear");
  expect(spaceSentence({ ...lost, place: "lobby" }, true, PHONE)).toContain("lost connection");
});

test("left alone, one is told that it isn't favouritism", () => {
  const aside = view({ place: "side", host_state: "elsewhere" });
  expect(spaceSentence(aside, true, PHONE)).toContain("isn't favouritism");
});

test("one's own lost connection goes before everything else", () => {
  for (const place of ["lobby", "joint", "caucus", "side"] as const) {
    expect(spaceSentence(view({ place }), false, PHONE)).toContain("Your connection was lost");
  }
});

test("a host reads who is there, not about the mediator", () => {
  const hosting = view({ seat: "host", hosting: true });
  expect(spaceSentence(hosting, true, PHONE)).toBe("You and ME hear each other.");
  const alone = { ...hosting, members: [member("host")] };
  expect(spaceSentence(alone, true, PHONE)).toContain("Let people in");
});
