import { afterEach, expect, test, vi } from "vitest";
import { arrive, NotArrived, readAddress } from "./arrival";

function at(url: string): Location {
  return new URL(url) as unknown as Location;
}

afterEach(() => vi.unstubAllGlobals());

test("the seat is in the path, the token behind the #, the language on either side", () => {
  const token = "ab-C_9";
  for (const [rest, lang] of [
    [`#${token}`, null],
    [`?lang=en#${token}`, "en"],
    [`#${token}?lang=en`, "en"],
    [`#${token}&lang=zh-CN`, "zh"],
    [`#${token}&lang=xx`, null],
  ] as const) {
    expect(readAddress(at(`https://a.test/j/seat-1${rest}`))).toEqual({
      seat: "seat-1",
      token,
      lang,
    });
  }
  expect(readAddress(at("https://a.test/j/seat-1")).token).toBe("");
});

function answering(status: number, body: string) {
  const fetched = vi.fn(async (_url: string, _init: RequestInit) => new Response(body, { status }));
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

test("a token is exchanged by POST, a cookie is asked who it is", async () => {
  const fetched = answering(200, '{"seat":"s"}');
  expect((await arrive("s", "secret")).seat).toBe("s");
  expect(fetched.mock.calls[0]?.[0]).toBe("/j/s/exchange");
  expect(fetched.mock.calls[0]?.[1].body).toBe('{"token":"secret"}');
  await arrive("s", "");
  expect(fetched.mock.calls[1]?.[0]).toBe("/j/s/welcome");
});

test("every failure has a code", async () => {
  answering(403, '{"code":"link_expired","text":"…"}');
  await expect(arrive("s", "t")).rejects.toEqual(new NotArrived("link_expired"));
  answering(502, "<html>Bad gateway</html>");
  await expect(arrive("s", "t")).rejects.toEqual(new NotArrived("unknown"));
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("offline")));
  await expect(arrive("s", "t")).rejects.toEqual(new NotArrived("no_network"));
});
