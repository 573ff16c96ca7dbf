/**
 * Photos of a form are made smaller as soon as they are chosen: `<input type="file" data-smaller>`.
 * From a village that saves minutes. What is sent before that is done goes as it is.
 */
import { smaller } from "../smaller";

export async function shrink(field: HTMLInputElement): Promise<void> {
  const chosen = [...(field.files ?? [])];
  const made = await Promise.all(chosen.map(smaller));
  const files = new DataTransfer();
  for (const file of made) files.items.add(file);
  // Others may have been chosen meanwhile.
  const now = [...(field.files ?? [])];
  const same = now.length === chosen.length && now.every((file, n) => file === chosen[n]);
  if (same) field.files = files.files;
}

for (const field of document.querySelectorAll<HTMLInputElement>("input[data-smaller]")) {
  field.addEventListener("change", () => void shrink(field));
}
