import { afterEach, expect, test, vi } from "vitest";
import { share, shared, stopSharing } from "./screen";

class Track extends EventTarget {
  contentHint = "";
  stop = vi.fn();
}

function browserGives(...tracks: Track[]): ReturnType<typeof vi.fn> {
  const asked = vi.fn();
  for (const track of tracks) asked.mockResolvedValueOnce({ getVideoTracks: () => [track] });
  vi.stubGlobal("navigator", { mediaDevices: { getDisplayMedia: asked } });
  return asked;
}

afterEach(() => {
  stopSharing();
  vi.unstubAllGlobals();
});

test("a screen is shared without this very page and without sound", async () => {
  const track = new Track();
  const asked = browserGives(track);
  await share();
  expect(asked.mock.calls[0]?.[0]).toMatchObject({ audio: false, selfBrowserSurface: "exclude" });
  expect(shared.value).toBe(track);
  expect(track.contentHint).toBe("text");
});

test("another choice ends the first, and its end then changes nothing", async () => {
  const [first, second] = [new Track(), new Track()];
  browserGives(first, second);
  await share();
  await share();
  expect(first.stop).toHaveBeenCalled();
  first.dispatchEvent(new Event("ended"));
  expect(shared.value).toBe(second);
});

test("the browser's own stop is noticed", async () => {
  const track = new Track();
  browserGives(track);
  await share();
  track.dispatchEvent(new Event("ended"));
  expect(shared.value).toBeNull();
});

test("a dialog that is closed shares nothing and leaves what is shared", async () => {
  const track = new Track();
  const asked = browserGives(track);
  await share();
  asked.mockRejectedValueOnce(new DOMException("", "NotAllowedError"));
  await expect(share()).rejects.toThrow();
  expect(shared.value).toBe(track);
  expect(track.stop).not.toHaveBeenCalled();
  stopSharing();
  expect(track.stop).toHaveBeenCalled();
  expect(shared.value).toBeNull();
});
