/** Small choices of a host that this browser remembers; a browser that keeps nothing is fine. */
import { type Signal, signal } from "@preact/signals";

/** A choice of one of these words, the first unless another is remembered. */
export function kept<Word extends string>(key: string, words: readonly [Word, ...Word[]]) {
  const found: Signal<Word> = signal(words[0]);
  try {
    const old = localStorage.getItem(key);
    found.value = words.find((word) => word === old) ?? words[0];
  } catch {
    // Storage is forbidden: the first.
  }
  return {
    value: found,
    choose(word: Word): void {
      found.value = word;
      try {
        localStorage.setItem(key, word);
      } catch {
        // Then it holds for this page.
      }
    },
  };
}
