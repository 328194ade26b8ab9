// Elements and forms, in as few words as the pages of this folder need.

/** An element with properties and children; a property `on` holds its listeners. */
export function element(name, { on = {}, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  for (const [event, listener] of Object.entries(on)) made.addEventListener(event, listener);
  made.append(...children);
  return made;
}

/** A button that does something and nothing else. */
export const button = (label, listener, className = "") =>
  element("button", { type: "button", textContent: label, className, on: { click: listener } });

/** What a form's fields hold, files apart; texts without blanks around them. */
export function valuesOf(form) {
  const fields = [...form.elements].filter((field) => field.name && !["file", "button", "submit", "search"].includes(field.type));
  const values = {};
  for (const { name, type, value, checked } of fields) {
    if (type === "checkbox") values[name] = checked;
    else if (type === "radio") values[name] = checked ? value : (values[name] ?? "");
    else values[name] = value.trim();
  }
  return values;
}

/** Put values back into a form's fields. */
export function fill(form, values) {
  for (const field of form.elements) {
    if (!(field.name in values) || field.type === "file") continue;
    if (field.type === "checkbox") field.checked = values[field.name];
    else if (field.type === "radio") field.checked = field.value === values[field.name];
    else field.value = values[field.name];
  }
}

/** Do `work` for a form, and nothing for a second press of its buttons meanwhile. What failed is said in the form. */
export async function once(form, work) {
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  const said = form.querySelector(":scope > [data-fault]") ?? form.appendChild(element("p", { role: "alert", hidden: true }));
  said.dataset.fault = "";
  try {
    await work();
  } catch (error) {
    said.textContent = `没有保存：${error.name === "QuotaExceededError" ? "本机存储已满，请清理后再试" : "本机存储不可用"}。内容还在页面上。`;
    said.className = "notice bad";
    said.hidden = false;
    console.warn(error);
  } finally {
    delete form.dataset.busy;
  }
}

/** Call `work` once nothing has happened for `ms`. */
export function afterPause(ms, work) {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...given), ms);
  };
}

/** 11月21日 16:40. */
export function moment(iso) {
  const at = new Date(iso);
  const two = (number) => String(number).padStart(2, "0");
  return `${at.getMonth() + 1}月${at.getDate()}日 ${two(at.getHours())}:${two(at.getMinutes())}`;
}
