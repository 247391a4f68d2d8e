// The API as the page uses it.

/** An answer that is not a success; `problem` holds the problem details when there are any. */
export class APIError extends Error {
  constructor(status, problem) {
    super(problem?.detail ?? `HTTP ${status}`);
    this.status = status;
    this.problem = problem;
  }
}

export async function get(path, parameters = {}, options = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined));
  const response = await fetch(query.size ? `${path}?${query}` : path, { cache: 'no-store', ...options });
  return answer(response);
}

/** Sends a change; `token` is the session's (`GET /api/v1/session`). */
export async function post(path, body, token) {
  const headers = { 'Content-Type': 'application/json', ...(token ? { 'X-CSRF-Token': token } : {}) };
  return answer(await fetch(path, { method: 'POST', cache: 'no-store', headers, body: JSON.stringify(body) }));
}

async function answer(response) {
  if (response.ok) return response.json();
  // The session is over: what follows needs a new one.
  if (response.status === 401 && location.pathname !== '/login') location.assign('/login');
  throw new APIError(response.status, await response.json().catch(() => null));
}

/**
 * All pages of a list, or of a feature collection, up to `most` elements, and then its `isCut` is true; none of what is not
 * this person's to see. A page has 1,000 of them, unless `parameters` has a `limit`.
 */
export async function getAll(path, parameters = {}, most = 20000) {
  const elements = [];
  let after;
  do {
    const page = await get(path, { limit: Math.min(1000, most), ...parameters, after }).catch((error) => {
      if (error.status === 403) return { items: [] };
      throw error;
    });
    elements.push(...(page.items ?? page.features));
    after = page.next ?? undefined;
  } while (after && elements.length < most);
  elements.isCut = Boolean(after);
  return elements;
}

/** The evidence package as a blob; who asks and why is logged. */
export async function evidence(id, purpose) {
  const query = new URLSearchParams({ purpose });
  const response = await fetch(`/api/v1/deliveries/${encodeURIComponent(id)}/evidence?${query}`, { cache: 'no-store' });
  if (response.ok) return response.blob();
  throw new APIError(response.status, await response.json().catch(() => null));
}

export const delivery = (id, signal) => get(`/api/v1/deliveries/${encodeURIComponent(id)}`, {}, { signal });
