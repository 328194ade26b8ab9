// The category of a report: three recents as one press, the rest by name or the initials of its Pinyin.

import { read } from "../api.js";
import { afterPause, button, element } from "./element.js";
import { categories, keepCategories } from "./store.js";

const MOST_KEPT = 50;

export class CategoryField {
  constructor(field, onChange) {
    [this.chips, this.hits] = [field.querySelector(".chips"), field.querySelector(".hits")];
    this.search = field.querySelector("input[type=search]");
    this.onChange = onChange;
    this.search.addEventListener("input", afterPause(200, () => this.find()));
  }

  get value() {
    return this.chips.querySelector("input:checked")?.value ?? "";
  }

  get name() {
    return this.chips.querySelector("input:checked")?.parentElement.textContent.trim() ?? "";
  }

  /** Choose a category, adding it to the recents where it is not among them. */
  choose(code, name) {
    const known = [...this.chips.querySelectorAll("input")].find(({ value }) => value === code);
    if (!known && code) this.chips.prepend(chip(code, name || code));
    for (const one of this.chips.querySelectorAll("input")) one.checked = one.value === code;
    this.hits.replaceChildren();
    this.search.value = "";
  }

  async find() {
    const text = this.search.value.trim();
    if (!text) {
      this.hits.replaceChildren();
      return;
    }
    try {
      const { items } = await read(`/search?kinds=category&limit=8&q=${encodeURIComponent(text)}`);
      if (this.search.value.trim() === text) this.show(items, "没有找到，可以不选，由受理员分类。");
    } catch (refused) {
      const kept = refused.status === 0 ? (await categories()).filter(({ name, detail }) => `${name} ${detail}`.includes(text)) : [];
      this.show(kept, refused.status === 0 ? "没有信号，只能查找最近用过的；可以不选，由受理员分类。" : refused.message);
    }
  }

  show(items, otherwise) {
    const found = items.slice(0, 8).map((hit) => element("li", {}, this.hit(hit)));
    this.hits.replaceChildren(...(found.length ? found : [element("li", { textContent: otherwise })]));
  }

  hit({ code, name, detail }) {
    const chosen = () => {
      this.choose(code, name);
      this.onChange();
      this.chips.querySelector("input:checked")?.focus();
    };
    const shown = button("", chosen);
    shown.append(element("span", { textContent: name }), element("span", { className: "quiet", textContent: ` ${detail}` }));
    return shown;
  }
}

/** Keep the categories used lately for when there is no signal. */
export async function keepRecent() {
  const { items } = await read(`/search?kinds=category&limit=${MOST_KEPT}`);
  await keepCategories(items.map(({ code, name, detail }) => ({ code, name, detail })));
}

function chip(code, name) {
  const input = element("input", { type: "radio", name: "category", value: code });
  return element("label", { className: "chip" }, input, element("span", { textContent: name }));
}
