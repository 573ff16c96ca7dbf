import { expect, test } from "vitest";
import { fill, typed } from "./report";

function made(): HTMLFormElement {
  const form = document.createElement("form");
  form.innerHTML = `
    <input name="key" type="hidden" value="k1"><input name="title">
    <select name="dispute_type"><option value=""></option><option value="land"></option></select>
    <input name="danger" type="checkbox" value="yes"><textarea name="facts"></textarea>
    <input name="photos" type="file">`;
  return form;
}

test("what was typed comes back, and the key with it", () => {
  const before = made();
  const words = { title: "Wall", dispute_type: "land", danger: true, facts: "They\nshout" };
  fill(before, words);
  const after = made();
  (after.elements.namedItem("key") as HTMLInputElement).value = "k2";
  fill(after, JSON.parse(JSON.stringify(typed(before))));
  expect(typed(after)).toEqual({ key: "k1", ...words });
});

test("what a form has no field for is left alone", () => {
  const form = made();
  fill(form, { title: true, elsewhere: "x" });
  expect(typed(form).title).toBe("");
});
