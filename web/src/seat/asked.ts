/** A question that waits for an answer is brought before the person, wherever in the room they are. */
import { useEffect, useRef } from "preact/hooks";
import type { View } from "../wire/protocol.gen";
import { atDesk, opened } from "./sheets";

/**
 * For the element of the question (`tabIndex` -1): once, it gets the focus, unless somebody is
 * typing or hosts. A sheet that covers it on a phone is closed first (`party.tsx`).
 */
export function useAsked<T extends HTMLElement>(view: View) {
  const element = useRef<T>(null);
  const told = useRef(false);
  const covered = opened.value !== null && !atDesk();
  useEffect(() => {
    if (told.current || covered || view.hosting) return;
    told.current = true;
    if (!document.activeElement?.matches("input, textarea, select")) element.current?.focus();
    element.current?.scrollIntoView({ block: "nearest" });
  }, [covered]);
  return element;
}
