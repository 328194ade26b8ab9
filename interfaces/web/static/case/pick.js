// Picking a unit, category, grid or address by what one types: characters, pinyin, initials or code.
import { read } from "../api.js";

const PAUSE_MS = 120;
let serial = 0;

function option(pick, hit, choose) {
  const item = document.createElement("li");
  item.id = `hit-${(serial += 1)}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  const name = document.createElement("strong");
  name.textContent = hit.name;
  const detail = document.createElement("span");
  detail.className = "quiet";
  detail.textContent = ` ${hit.detail}`;
  item.append(name, detail);
  item.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    choose(hit);
  });
  item.hit = hit;
  return item;
}

class Picker {
  constructor(pick) {
    this.pick = pick;
    this.input = pick.querySelector("input");
    this.list = pick.querySelector("[role=listbox]");
    this.chosen = pick.querySelector(".chosen");
    this.many = pick.hasAttribute("data-many");
    pick.picked = pick.dataset.value ? [{ code: pick.dataset.value, name: pick.dataset.word }] : [];
    pick.ready = () => this.ready();
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("focus", () => this.typed(true));
    this.input.addEventListener("blur", () => this.close());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.show();
  }

  typed(quiet) {
    if (!quiet) {
      this.input.setCustomValidity("");
      if (!this.many) this.pick.picked = [];
    }
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.ask(), PAUSE_MS);
  }

  async ask() {
    const asked = new URLSearchParams({ q: this.input.value.trim(), kinds: this.pick.dataset.kinds, limit: "8" });
    const shown = !this.many && this.pick.picked.length;
    if (shown) return;
    const found = await read(`/search?${asked}`).catch(() => ({ items: [] }));
    if (document.activeElement !== this.input) return;
    this.list.replaceChildren(...found.items.map((hit) => option(this.pick, hit, (one) => this.choose(one))));
    this.list.hidden = !found.items.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.mark(this.input.value.trim() ? 0 : -1);
  }

  mark(index) {
    const items = [...this.list.children];
    this.at = Math.min(Math.max(index, -1), items.length - 1);
    items.forEach((item, n) => item.setAttribute("aria-selected", String(n === this.at)));
    items[this.at]?.scrollIntoView({ block: "nearest" });
    if (items[this.at]) this.input.setAttribute("aria-activedescendant", items[this.at].id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !this.list.hidden) {
      event.preventDefault();
      this.mark(this.at + step);
    } else if (event.key === "Enter" && !this.list.hidden && this.at >= 0) {
      event.preventDefault();
      this.choose(this.list.children[this.at].hit);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.stopPropagation();
      this.close();
    }
  }

  choose(hit) {
    const others = this.pick.picked.filter((one) => one.code !== hit.code);
    this.pick.picked = this.many ? [...others, hit] : [hit];
    this.input.setCustomValidity("");
    this.show();
    this.close();
    this.pick.dispatchEvent(new CustomEvent("picked", { bubbles: true, detail: hit }));
  }

  show() {
    if (!this.many) {
      this.input.value = this.pick.picked[0]?.name ?? "";
      return;
    }
    this.input.value = "";
    this.chosen.hidden = !this.pick.picked.length;
    this.chosen.replaceChildren(...this.pick.picked.map((one) => this.chip(one)));
  }

  chip(one) {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "chip";
    chip.textContent = `${one.name} ×`;
    chip.setAttribute("aria-label", `去掉${one.name}`);
    chip.addEventListener("click", () => {
      this.pick.picked = this.pick.picked.filter((other) => other !== one);
      this.show();
      this.input.focus();
    });
    return chip;
  }

  close() {
    clearTimeout(this.waiting);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  /** Whether what is typed was also chosen; says so where it was not. */
  ready() {
    const typed = this.input.value.trim() && (this.many || !this.pick.picked.length);
    const missing = this.input.hasAttribute("data-required") && !this.pick.picked.length;
    this.input.setCustomValidity(typed ? "请从列表中选择一项" : missing ? "请填写此项" : "");
    return this.input.reportValidity();
  }
}

/** Make the pickers within `root` work. */
export function pickers(root) {
  root.querySelectorAll(".pick").forEach((pick) => new Picker(pick));
}
