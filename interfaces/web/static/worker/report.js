// 上报: one form from the photo to the button. What is written is kept as it is written; what is sent goes to the queue.

import { CategoryField } from "./category.js";
import { afterPause, fill, once, valuesOf } from "./element.js";
import { askWhich, nearCases } from "./near.js";
import { PictureField } from "./pictures.js";
import { PlaceField } from "./place.js";
import { recorded } from "./plan.js";
import { discardDraft, draft, keepDraft } from "./store.js";
import { rewrite, write } from "./writing.js";

export class ReportForm {
  constructor(form, writer) {
    [this.form, this.writer, this.editing] = [form, writer, null];
    const onChange = () => this.save();
    this.place = new PlaceField(form.querySelector("[data-place]"), onChange);
    this.category = new CategoryField(form.querySelector("[data-category]"), onChange);
    const onPlace = (place) => this.place.offer(place);
    this.fields = [...form.querySelectorAll("[data-pictures]")].map((field) => new PictureField(field, { onChange, onPlace }));
    this.saveSoon = afterPause(300, onChange);
    form.addEventListener("input", () => this.saveSoon());
    // Enter in a line would press the first button there is, whichever that may be.
    form.addEventListener("keydown", (event) => event.key === "Enter" && event.target.matches("input") && event.preventDefault());
    for (const send of form.querySelectorAll("[name=send]")) send.disabled = false;
    form.querySelector("[data-preparing]").hidden = true;
    form.addEventListener("submit", (event) => this.submit(event));
    form.querySelector("[data-stop-editing]").addEventListener("click", () => this.clear());
    document.addEventListener("place", ({ detail }) => detail === "report" && !this.place.known && this.place.locate());
  }

  /** What was begun here before, if anything. */
  async restore() {
    const begun = await draft(this.writer.staff);
    if (begun) this.put(begun);
  }

  get values() {
    const { wanted: _wanted, address: _address, grid: _grid, ...values } = valuesOf(this.form);
    return { ...values, category: this.category.value, category_name: this.category.name, ...this.place.value };
  }

  get pictures() {
    return this.fields.flatMap((field) => field.pictures);
  }

  save() {
    if (this.editing || this.form.dataset.busy) return Promise.resolve();
    return keepDraft({ key: this.writer.staff, form: this.values, pictures: this.pictures });
  }

  put({ form, pictures }) {
    fill(this.form, form);
    this.category.choose(form.category ?? "", form.category_name);
    this.place.value = form;
    for (const field of this.fields) field.pictures = pictures;
    this.form.querySelector(".voice").open = Boolean(form.said);
    this.form.querySelector(".solved").open = Boolean(form.measure);
  }

  /** Change a report that waits. What the service recorded of it already can no longer be changed. */
  edit(item) {
    this.editing = item.id;
    this.put(item);
    this.fix(Boolean(recorded(item)));
    this.form.querySelector("[data-editing]").hidden = false;
    location.hash = "#report";
    this.form.elements.text.focus();
  }

  /** What is recorded is `fixed`. */
  fix(fixed) {
    for (const field of this.form.querySelector("[data-part=found]").querySelectorAll("input, select, textarea, button")) field.disabled = fixed;
  }

  submit(event) {
    event.preventDefault();
    const solves = event.submitter?.value === "solve";
    return once(this.form, async () => {
      await Promise.all(this.fields.map(({ ready }) => ready));
      await this.send(solves);
    });
  }

  async send(solves) {
    const form = this.values;
    if (!solves) form.measure = "";
    const fault = this.faultOf(form, solves);
    this.say(fault?.words ?? "");
    if (fault) {
      fault.field.focus();
      return;
    }
    const same = this.editing ? "other" : await this.sameAs(form);
    if (same !== null) await this.done(form, same);
  }

  faultOf(form, solves) {
    const { text, said, phone, measure } = this.form.elements;
    if (!form.text && !form.said) return { words: "请用一句话说明情况。", field: text };
    if (!this.place.known) return { words: "还没有地点：请重新取得位置，或选择网格。", field: this.place.grid };
    if (!phone.checkValidity()) return { words: "电话只能有数字、空格和 + ( ) -。", field: phone };
    if ((form.person || form.phone) && !form.said) return { words: "请写下居民反映的内容。", field: said };
    return solves && !form.measure ? { words: "请写明如何解决的。", field: measure } : null;
  }

  /** The near case this one is, "other" where it is none, null to go back to the form. */
  async sameAs(form) {
    const found = await nearCases(form);
    return found.length ? askWhich(found) : "other";
  }

  async done(form, same) {
    const pictures = this.pictures.filter(({ purpose }) => purpose === "found" || form.measure);
    const title = `${form.measure ? "现场解决" : "上报"}：${form.category_name || "未分类"}`;
    const item = { title, form, pictures };
    if (same !== "other") await this.join(item, same);
    else if (this.editing) await this.changed(item);
    else await this.leave(write(this.writer, { kind: "report", ...item }));
  }

  async changed(item) {
    if (await rewrite(this.editing, item)) this.clear();
    else this.say("这一件可能已经送达，不能再改。");
  }

  /** It is a case already: a resident's voice is added to it, a find of one's own need not be reported again. */
  async join(item, same) {
    if (item.form.said) {
      const form = { ...item.form, same_as: same.id };
      await this.leave(write(this.writer, { kind: "report", ...item, title: `居民反映：并入 ${same.number} 号`, form }));
    } else if (item.form.measure && same.stage === "reported") {
      const { id, version, number } = same;
      const pictures = item.pictures.map(({ blob }) => ({ purpose: "done", blob }));
      const deed = { kind: "solve", title: `现场解决：${number} 号`, form: { measure: item.form.measure }, pictures, case: id, version };
      await this.leave(write(this.writer, deed));
    } else {
      await this.leave(Promise.resolve());
      this.say(`${same.number} 号案件已在办理，没有重复上报。`, "good");
    }
  }

  async leave(written) {
    await written;
    await discardDraft(this.writer.staff);
    this.clear();
  }

  clear() {
    this.editing = null;
    this.fix(false);
    this.form.reset();
    this.category.choose("", "");
    this.place.value = {};
    for (const field of this.fields) field.pictures = [];
    for (const part of this.form.querySelectorAll("details")) part.open = false;
    this.form.querySelector("[data-editing]").hidden = true;
    this.say("");
    this.place.locate();
  }

  say(words, kind = "bad") {
    const fault = this.form.querySelector("[data-fault]");
    fault.className = `notice ${kind}`;
    fault.textContent = words;
    fault.hidden = !words;
  }
}
