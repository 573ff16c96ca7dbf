/** What only those who write need is loaded by them: a party's phone needn't carry it. */
import { useEffect } from "preact/hooks";
import type { Part } from "../part";

export function useLater<T>(found: Part<T>): T | null {
  useEffect(() => found.load(), [found]);
  return found.value.value;
}
