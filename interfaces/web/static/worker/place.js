// The place of a report: the position, in words; corrected by a grid of one's own, an address, or what a photo says.

import { read } from "../api.js";
import { afterPause, button, element } from "./element.js";

const PRECISE = { enableHighAccuracy: true, timeout: 20_000, maximumAge: 15_000 };

export class PlaceField {
  constructor(field, onChange) {
    [this.field, this.here, this.grid] = [field, field.querySelector(".here"), field.querySelector("select")];
    this.photo = field.querySelector("[data-from-photo]");
    this.onChange = onChange;
    this.point = null;
    field.querySelector("[data-locate]").addEventListener("click", () => this.locate());
    this.grid.addEventListener("change", () => this.tell());
    const search = field.querySelector("input[type=search]");
    search.addEventListener("input", afterPause(250, () => this.search(search.value.trim())));
  }

  /** What goes along: a grid of one's own choice, else a point, else nothing. */
  get value() {
    if (this.grid.value) return { grid: this.grid.value };
    return this.point ? { longitude: this.point.longitude, latitude: this.point.latitude, from: this.point.from } : {};
  }

  set value({ grid = "", longitude, latitude, from }) {
    this.grid.value = grid;
    this.point = longitude === undefined ? null : { longitude, latitude, from };
    this.tell();
  }

  get known() {
    return Boolean(this.grid.value || this.point);
  }

  /** Ask the telephone where it is. */
  locate() {
    if (!navigator.geolocation) {
      this.say("本机不能取得位置，请选择网格或查找地名。");
      return;
    }
    this.say("正在取得位置……");
    navigator.geolocation.getCurrentPosition(
      ({ coords: { longitude, latitude, accuracy } }) => this.take({ longitude, latitude, from: `位置（±${Math.round(accuracy)} 米）` }),
      () => this.say(this.point ? this.here.textContent : "没有取得位置，请选择网格或查找地名。"),
      PRECISE,
    );
  }

  /** A photo says where it was taken: offered, and used by itself only where there is nothing else. */
  offer({ longitude, latitude }) {
    const take = () => this.take({ longitude, latitude, from: "照片的拍摄地点" });
    if (!this.known) {
      take();
      return;
    }
    this.photo.hidden = false;
    this.photo.querySelector("button").onclick = take;
  }

  take(point) {
    this.grid.value = "";
    this.photo.hidden = true;
    this.point = point;
    this.tell();
    this.onChange();
  }

  async tell() {
    if (this.grid.value) {
      this.say(`${this.grid.selectedOptions[0].textContent}（自选网格）`);
      return;
    }
    if (!this.point) return;
    const { longitude, latitude, from = "位置" } = this.point;
    const plain = `${longitude.toFixed(5)}，${latitude.toFixed(5)}，${from}`;
    try {
      const grid = await read(`/grids/locate?longitude=${longitude}&latitude=${latitude}`);
      const own = [...this.grid.options].find(({ value }) => value === grid.code);
      this.say(`${own ? own.textContent : `${grid.name}（不在本人网格内）`}，${from}`);
    } catch (refused) {
      this.say(refused.status === 0 ? `已取得${plain}，发送时落到网格` : refused.message);
    }
  }

  say(words) {
    this.here.textContent = words;
  }

  async search(text) {
    const hits = this.field.querySelector(".hits");
    if (!text) {
      hits.replaceChildren();
      return;
    }
    try {
      const { items } = await read(`/search?kinds=address&limit=8&q=${encodeURIComponent(text)}`);
      const found = items.map(({ code, name, detail }) => element("li", {}, button(`${name} ${detail}`, () => this.choose(code, name))));
      hits.replaceChildren(...(found.length ? found : [element("li", { textContent: "没有找到。" })]));
    } catch (refused) {
      hits.replaceChildren(element("li", { textContent: refused.message }));
    }
  }

  async choose(code, name) {
    const { longitude, latitude } = await read(`/addresses/${encodeURIComponent(code)}`);
    this.field.querySelector(".hits").replaceChildren();
    this.take({ longitude, latitude, from: name });
  }
}
