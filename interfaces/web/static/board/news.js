// News: when something was recorded the parts are told anew, but never under somebody who reads a drawer.
const PARTS = ["strip", "ranking", "ground", "due", "held"];
const SETTLE_MS = 2500;
const POLL_MS = 60_000;

/** Follow the feed; without one, look every minute. `busy` says that nothing may move now. */
export function followNews({ refreshPart, busy }) {
  const news = document.querySelector("#news");
  let waiting = null;

  async function refresh() {
    waiting = null;
    if (busy() || document.hidden || document.querySelector("#filter").contains(document.activeElement)) return later();
    try {
      for (const name of PARTS) await refreshPart(name);
      news.textContent = `数据已更新（${new Date().toLocaleTimeString("zh-CN", { hour12: false })}）`;
    } catch {
      news.textContent = "更新未成，稍后再试";
    }
  }

  function later() {
    waiting ??= setTimeout(refresh, SETTLE_MS);
  }

  let polling = null;
  const poll = () => { polling ??= setInterval(later, POLL_MS); };
  const stream = new EventSource("/api/v1/feed/stream?notice=true");
  stream.addEventListener("message", later);
  stream.addEventListener("notice", later);
  stream.addEventListener("open", () => { clearInterval(polling); polling = null; });
  stream.addEventListener("error", () => {
    poll();
    if (stream.readyState === EventSource.CLOSED) stream.close();
  });
  addEventListener("pagehide", () => stream.close());
}
