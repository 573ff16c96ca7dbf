import { expect, test } from "vitest";
import { now } from "./clock";
import { member, view } from "./example";
import { explained, returnSentence, spaceBrief, spaceName, spaceSentence } from "./space";

const PHONE = "12348";

test("the name of the space begins as it was agreed", () => {
  expect(spaceName(view({ place: "lobby" }))).toMatch(/^Lobby/);
  expect(spaceName(view({ place: "joint" }))).toMatch(/^Joint/);
  expect(spaceName(view({ place: "caucus" }))).toMatch(/^Private/);
  expect(spaceName(view({ place: "side" }))).toMatch(/^Your side/);
});

test("in the lobby: the host's name, the telephone, and who may come", () => {
  const waiting = view({ place: "lobby", admitted: false, host_state: "elsewhere", members: [] });
  expect(spaceSentence(waiting, "here", PHONE)).toMatch(
    /Nobody can see or hear you.*Wang knows.*12348/,
  );
  const early = { ...waiting, host_state: "not_here_yet" } as const;
  expect(spaceSentence(early, "here", PHONE)).toContain("Wang is not here yet");
  expect(spaceSentence({ ...waiting, claim: true }, "here", PHONE)).toContain("another device");
});

test("in a caucus exactly those connected are named", () => {
  const caucus = view({
    place: "caucus",
    members: [
      member("me", { side: "A" }),
      member("host", { name: "Wang", chair: true }),
      member("son", { name: "Li" }),
      member("gone", { name: "Zhao", present: false }),
    ],
  });
  const sentence = spaceSentence(caucus, "here", PHONE);
  expect(sentence).toContain("Only you and Wang and Li are connected");
  expect(sentence).not.toContain("Zhao");
});

test("a lost host is said everywhere, and that the sides don't hear each other once it is so", () => {
  const lost = view({ host_state: "lost" });
  expect(spaceSentence(lost, "here", PHONE)).toMatch(
    /The mediator has lost connection\. It isn't your fault/,
  );
  expect(spaceSentence(lost, "here", PHONE)).not.toContain("two sides");
  expect(spaceSentence({ ...lost, silenced: true }, "here", PHONE)).toContain(
    "two sides can't hear",
  );
  expect(spaceSentence({ ...lost, place: "side" }, "here", PHONE)).toContain(
    "two sides can't hear",
  );
  expect(spaceSentence({ ...lost, place: "lobby" }, "here", PHONE)).toContain("lost connection");
});

test("left alone, one is told that it isn't favouritism", () => {
  const aside = view({ place: "side", host_state: "elsewhere" });
  expect(spaceSentence(aside, "here", PHONE)).toContain("isn't favouritism");
});

test("who belongs to no side has no side's room; staff are promised nothing", () => {
  now.value = Date.parse("2026-11-24T02:00:00+00:00");
  const of = (role: "clerk" | "interpreter", changes = {}) =>
    view({
      place: "side",
      host_state: "elsewhere",
      expected_at: "2026-11-24T02:10:00+00:00",
      members: [member("me", { role })],
      ...changes,
    });
  expect(spaceName(of("clerk"))).toBe("Neutral room");
  const clerk = spaceSentence(of("clerk"), "here", PHONE);
  expect(clerk).toBe(
    "No mediator who hosts is in this room now. Only those who belong to no side can hear you here.",
  );
  expect(spaceSentence(of("interpreter"), "here", PHONE)).toMatch(/Wang will be back at.*:10\./);
  for (const found of [clerk, spaceSentence(of("interpreter"), "here", PHONE)]) {
    expect(found).not.toMatch(/own side|favouritism/);
  }
  expect(returnSentence(of("clerk"))).toContain("neutral room");
});

test("who belongs to no side is told of a private talk as of others' affairs", () => {
  const there = view({ place: "caucus", members: [member("me", { role: "clerk" }), member("an")] });
  expect(spaceSentence(there, "here", PHONE)).toMatch(/^This is a private talk: you and AN/);
});

test("while everyone is quiet the host's strip says so", () => {
  const hosting = view({ seat: "host", hosting: true, quiet: true });
  expect(spaceSentence(hosting, "here", PHONE)).toBe(
    "Everyone is quiet: only mediators and interpreters can speak.",
  );
});

test("one's own lost connection goes before everything else", () => {
  for (const place of ["lobby", "joint", "caucus", "side"] as const) {
    expect(spaceSentence(view({ place }), "lost", PHONE)).toContain("Your connection was lost");
  }
});

test("a host reads who is there, not about the mediator", () => {
  const hosting = view({ seat: "host", hosting: true });
  expect(spaceSentence(hosting, "here", PHONE)).toBe("You and ME hear each other.");
  const alone = { ...hosting, members: [member("host")] };
  expect(spaceSentence(alone, "here", PHONE)).toContain("Let people in");
});

test("a promise to come is told as a time, a break leaves out the favouritism", () => {
  now.value = Date.parse("2026-11-24T02:00:00+00:00");
  const aside = view({ place: "side", host_state: "elsewhere" });
  const promised = { ...aside, expected_at: "2026-11-24T02:10:00+00:00" };
  expect(spaceSentence(promised, "here", PHONE)).toMatch(/Wang will check on you at about \d\d:10/);
  const late = { ...aside, expected_at: "2026-11-24T01:59:00+00:00" };
  expect(spaceSentence(late, "here", PHONE)).not.toContain("at about");
  const resting = { ...promised, break_until: "2026-11-24T02:10:00+00:00" };
  expect(spaceSentence(resting, "here", PHONE)).toBe("Only your own side can hear you here.");
});

test("a server that is being renewed says so, wherever one is", () => {
  expect(spaceSentence(view(), "renewing", PHONE)).toContain("Heyi is being renewed");
});

test("on return: where one is, and whether one is heard", () => {
  expect(returnSentence(view())).toBe("You are back in the joint meeting. Your microphone is off.");
  expect(returnSentence(view({ place: "caucus", microphone: true }))).toBe(
    "You are back in the private talk. Your microphone is on.",
  );
});

test("while everyone is quiet nobody is told that all hear all", () => {
  const quiet = view({ quiet: true });
  const sentence = "Everyone is quiet now; only the mediator is heard.";
  expect(spaceSentence(quiet, "here", PHONE)).toBe(`Mediator Wang is here. ${sentence}`);
  expect(spaceBrief(quiet, "here")).toBe(sentence);
  const members = [...quiet.members, member("i", { role: "interpreter" })];
  expect(spaceSentence({ ...quiet, members }, "here", PHONE)).toContain("interpreters can speak");
});

test("every brief sentence is one, and there is more to be said wherever it leaves something out", () => {
  for (const place of ["joint", "caucus", "side"] as const) {
    expect(spaceBrief(view({ place }), "here").length).toBeLessThan(45);
    expect(explained(view({ place }), "here")).toBe(place !== "joint");
    expect(explained(view({ place, host_state: "lost" }), "here")).toBe(true);
    expect(explained(view({ place }), "lost")).toBe(true);
  }
});
