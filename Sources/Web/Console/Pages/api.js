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
  if (response.ok) return response.json();
  throw new APIError(response.status, await response.json().catch(() => null));
}

/** All pages of a list, or of a feature collection, up to `most` elements. */
export async function getAll(path, parameters = {}, most = 20000) {
  const elements = [];
  let after;
  do {
    const page = await get(path, { ...parameters, limit: 1000, after });
    elements.push(...(page.items ?? page.features));
    after = page.next ?? undefined;
  } while (after && elements.length < most);
  return elements;
}

export function trail(subject, from, to, signal) {
  return get(
    `/api/v1/trails/${encodeURIComponent(subject)}`, { from, to, purpose: 'live page' }, { signal });
}

export const delivery = (id, signal) => get(`/api/v1/deliveries/${encodeURIComponent(id)}`, {}, { signal });
