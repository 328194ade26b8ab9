// Signing out, wherever the button is: it takes along what the worker's page keeps of somebody for when there is no signal.

import { forget } from "./worker/store.js";

async function leave(event) {
  event.preventDefault();
  const form = event.target;
  if (!navigator.onLine) {
    const said = document.createElement("p");
    said.className = "notice bad";
    said.setAttribute("role", "alert");
    said.textContent = "没有信号，暂时不能退出登录；此前请勿把手机交给他人。";
    form.querySelector("[role=alert]")?.remove();
    form.append(said);
    return;
  }
  await forget().catch(() => {}); // a browser without a store has nothing to forget
  form.submit();
}

for (const form of document.querySelectorAll('form[action="/logout"]')) form.addEventListener("submit", leave);
