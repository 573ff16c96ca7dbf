/** A part of the room that is loaded when it is first wanted: a phone needn't carry the rest. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { type Chapter, learn } from "../words";

export interface Part<T> {
  readonly value: ReadonlySignal<T | null>;
  /** To be called outside of drawing; asks once, and again after a failure. */
  load(): void;
}

/** `words`: what it says, where that isn't known yet. */
export function part<T>(ask: () => Promise<T>, words?: Chapter): Part<T> {
  const value = signal<T | null>(null);
  let asked = false;
  const load = () => {
    if (asked) return;
    asked = true;
    Promise.all([ask(), words && learn(words)]).then(
      ([loaded]) => {
        value.value = loaded;
      },
      () => {
        asked = false;
      },
    );
  };
  return { value, load };
}
