/** Exchanges what stands after the # of a helper's link for a cookie, and takes it away there. */

async function open(token: string): Promise<void> {
  const path = window.location.pathname;
  const said = document.getElementById("opening");
  const answer = await fetch(`${path}/exchange`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token }),
  }).catch(() => null);
  if (answer?.ok) window.location.replace(path + window.location.search);
  else if (said) {
    const body = await answer?.json().catch(() => null);
    said.textContent = body?.text ?? said.dataset.network ?? "";
  }
}

const token = window.location.hash.slice(1).split(/[?&]/)[0];
if (token) void open(token);
window.addEventListener("hashchange", () => window.location.reload());
