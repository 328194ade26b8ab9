// A page that stays open keeps its session; when that has ended, it says so once.
import { stay } from "./api.js";
import "./leaving.js";

const EVERY_MS = 10 * 60 * 1000;

async function look() {
  try {
    await stay();
  } catch (refused) {
    if (refused.status !== 401 || document.querySelector("#signed-out")) return;
    const notice = document.createElement("p");
    notice.id = "signed-out";
    notice.className = "notice bad";
    notice.setAttribute("role", "alert");
    const link = document.createElement("a");
    link.href = `/login?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = "重新登录";
    notice.append("登录已过期，", link, "后继续。");
    document.querySelector("main").prepend(notice);
  }
}

setInterval(look, EVERY_MS);
