// The API as this page's visitor: the session's proof with every change, refusals as errors in words.

const proofOf = () => document.querySelector("meta[name=csrf]")?.content ?? "";

/** A refusal of the service: `problem` as it was told (RFC 9457), `status` 0 when the service was not reached. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail ? `${problem.title}：${problem.detail}` : problem.title);
    this.status = status;
    this.problem = problem;
  }
}

const UNREACHED = { title: "连接不上服务", detail: "请检查网络后再试。" };

async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { credentials: "same-origin", ...options });
  } catch {
    throw new Refused(0, UNREACHED);
  }
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => ({ title: `服务答复 ${answer.status}` }));
  throw new Refused(answer.status, told);
}

/** The JSON a path of the API answers with. */
export async function read(path, options) {
  return (await ask(`/api/v1${path}`, options)).json();
}

/** A part of a page, as text. */
export async function readPart(path, options) {
  return (await ask(path, options)).text();
}

/** Change something: `key` makes a retry harmless, `version` is the one seen. Gives the answer and its version. */
export async function change(path, body, { key, version, proof, signal, method = "POST" } = {}) {
  const headers = { "X-CSRF-Token": proof ?? proofOf() };
  if (!(body instanceof Blob) && !(body instanceof FormData)) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  if (version !== undefined && version !== null) headers["If-Match"] = `"${version}"`;
  const plain = body instanceof Blob || body instanceof FormData ? body : JSON.stringify(body ?? {});
  const answer = await ask(`/api/v1${path}`, { method, headers, body: plain, signal });
  return answer.status === 204 ? null : answer.json();
}

/** Who is signed in here, and the proof that a change needs. */
export async function signedIn(options) {
  return (await ask("/session", options)).json();
}

/** Stay signed in while the page is open. */
export async function stay() {
  await ask("/session", { method: "POST", headers: { "X-CSRF-Token": proofOf() } });
}

/** A new idempotency key. */
export const newKey = () => crypto.randomUUID();
