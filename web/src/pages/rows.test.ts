import { beforeEach, expect, test } from "vitest";
import { another } from "./rows";

const ROW = `
  <div data-row aria-label="Person 1">
    <label for="guest0-side">Side</label>
    <select id="guest0-side" name="side" data-again>
      <option value="">None</option><option>A</option><option>B</option>
    </select>
    <select id="guest0-role" name="role" aria-invalid="true" aria-describedby="guest0-problem">
      <option value="">Please choose</option><option>witness</option>
    </select>
    <input id="guest0" name="name" value="Will">
    <p class="problem" id="guest0-problem">Wrong</p>
    <details open><summary>More</summary></details>
  </div>`;

let row: HTMLElement;

beforeEach(() => {
  document.body.innerHTML = `<form>${ROW}</form>`;
  for (const [id, value] of Object.entries({ "guest0-side": "B", "guest0-role": "witness" })) {
    (document.getElementById(id) as HTMLSelectElement).value = value;
  }
  row = another(document.body) as HTMLElement;
});

test("a new row is empty, but for what is chosen once more", () => {
  const values = [...row.querySelectorAll<HTMLInputElement>("[name]")].map((one) => one.value);
  expect(values).toEqual(["B", "", ""]);
  expect(row.querySelector("details")?.open).toBe(false);
});

test("it names itself, and nothing in it is wrong", () => {
  expect(row.getAttribute("aria-label")).toBe("Person 2");
  expect(row.querySelector("label")?.htmlFor).toBe("guest1-side");
  expect(row.querySelectorAll(".problem, [aria-invalid], [aria-describedby]")).toHaveLength(0);
  expect(document.querySelectorAll("#guest1-role")).toHaveLength(1);
});
