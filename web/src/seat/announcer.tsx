/** For the ear: who has come into one's space, and who has gone. Where one is, the strip says. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Member, View } from "../wire/protocol.gen";
import { sentences, t } from "../words";
import { listed } from "./people";

interface Seen {
  space: string | null;
  people: ReadonlyMap<string, string>;
}

/** So long is something said for the ear, and then is no more to be found. */
const SAID_MS = 5000;

export function Announcer({ view }: { view: View }) {
  const before = useRef<Seen>({ space: null, people: new Map() });
  const [said, setSaid] = useState("");
  useEffect(() => {
    const now = { space: view.space, people: present(view.members) };
    // In another space everybody is new: its own sentence says who is there.
    const told =
      before.current.space === now.space ? difference(before.current.people, now.people) : "";
    before.current = now;
    if (told) setSaid(told);
  }, [view]);
  useEffect(() => {
    if (!said) return;
    const timer = window.setTimeout(() => setSaid(""), SAID_MS);
    return () => window.clearTimeout(timer);
  }, [said]);
  return (
    <p class="unseen" aria-live="polite">
      {said}
    </p>
  );
}

export function present(members: readonly Member[]): Map<string, string> {
  return new Map(members.filter((m) => m.present).map((m) => [m.seat, m.name]));
}

export function difference(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): string {
  const came = [...now].filter(([seat]) => !before.has(seat)).map(([, name]) => name);
  const gone = [...before].filter(([seat]) => !now.has(seat)).map(([, name]) => name);
  const said: string[] = [];
  if (came.length > 0) said.push(t("%(names)s: now here.", { names: listed(came) }));
  if (gone.length > 0) said.push(t("%(names)s: no longer here.", { names: listed(gone) }));
  return sentences(said);
}
