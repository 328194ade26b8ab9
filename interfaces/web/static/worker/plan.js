// What sending an item takes: its steps in order, each once. A later step carries the answer of an earlier one.

const given = (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== "" && value != null));

/** The names of the steps of an item that carry its pictures. */
export const isPicture = (name) => name.startsWith("picture-");

const digests = (item, purpose) =>
  item.pictures.flatMap((picture, nth) => (picture.purpose === purpose ? [item.answers[`picture-${nth}`].digest] : []));

const where = (form) => (form.grid ? { grid: form.grid } : given({ longitude: form.longitude, latitude: form.latitude }));

const found = (item) => ({ ...where(item.form), ...given({ category: item.form.category }), happened_at: item.written_at });

function attached(item, fields) {
  const named = digests(item, "found");
  return named.length ? { ...fields, attachments: named } : fields;
}

const report = (item) => ({ path: "/issues", body: attached(item, { ...found(item), text: item.form.text }) });

function receive(item) {
  const { said, kind, text, person, phone, confidential } = item.form;
  const { grid, ...rest } = found(item);
  const requester = given({ name: person, phone });
  const body = { ...rest, ...given({ place: grid, title: text.slice(0, 500) }), kind, text: said, requester, channel: "visit_diary" };
  if (confidential) body.confidential = true;
  return { path: "/requests", body: attached(item, body) };
}

const open = ({ answers, form, written_at: at }) => ({
  path: `/requests/${answers.receive.id}/open-issue`, version: answers.receive.version,
  body: { ...given({ category: form.category, grid: form.grid }), happened_at: at },
});

// The case may have moved on since the report was written, so what ties the voice to it happens now.
const attach = ({ answers, form }) => ({
  path: `/requests/${answers.receive.id}/attach`, version: answers.receive.version, body: { issue: form.same_as },
});

function solve(item) {
  const issue = item.answers.open ?? item.answers.report;
  const body = { measure: item.form.measure, evidence: digests(item, "done"), happened_at: item.written_at };
  return { path: `/issues/${issue.id}/solve-on-spot`, version: issue.version, body };
}

const command = (name, fields) => (item) => ({
  path: `/${casesOf(item.kind)}/${item.case}/${name}`, version: item.version, body: { ...fields(item), happened_at: item.written_at },
});
const measured = (item) => ({ measure: item.form.measure, evidence: digests(item, "done") });

/** What kind of case a deed is done on, as the API's paths name it. */
export const casesOf = (kind) => ({ contact: "requests", "feed-back": "requests", arrive: "whistles" })[kind] ?? "issues";

const COMMANDS = {
  accept: command("accept", () => ({})),
  "ask-return": command("ask-return", ({ form }) => ({ code: form.code, reason: form.reason ?? "" })),
  resolve: command("resolve", (item) => ({ ...measured(item), level: item.form.level })),
  solve: command("solve-on-spot", measured),
  arrive: command("arrive", () => ({})),
  contact: command("contact", ({ form }) => ({ reached: form.reached === "yes" })),
  "feed-back": command("feed-back", ({ form }) => ({ reply: form.reply })),
};

function stepsOf({ kind, form }) {
  if (kind !== "report") return [["command", COMMANDS[kind]]];
  const steps = form.said ? [["receive", receive], form.same_as ? ["attach", attach] : ["open", open]] : [["report", report]];
  return form.measure && !form.same_as ? [...steps, ["solve", solve]] : steps;
}

/** The next step of an item, null when all are answered. */
export function nextStep(item) {
  const picture = item.pictures.findIndex((_, nth) => !item.answers[`picture-${nth}`]);
  if (picture >= 0) return { name: `picture-${picture}`, path: "/attachments", body: item.pictures[picture].blob };
  const next = stepsOf(item).find(([name]) => !item.answers[name]);
  if (!next) return null;
  return { name: next[0], ...next[1](item) };
}

/** What was recorded of a report although another step was refused: the issue or request it made. */
export const recorded = ({ answers }) => answers.report ?? answers.open ?? answers.receive;

/** Whether a step may have reached the service without its answer reaching us: until that is known nothing may change. */
export const inDoubt = (item) => Object.keys(item.begun).some((name) => !item.answers[name] && !isPicture(name));
