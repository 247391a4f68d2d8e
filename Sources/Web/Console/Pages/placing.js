// Where names and figures go on the map: inside of it, and none over another.

const height = 16;

/**
 * The box for a name of `width` pixels beside the place `x`, `y`, `gap` pixels from it; null where there is no room.
 * It lies inside `size` and over none of the boxes `taken`, and, where that can be had, over none of `avoided`.
 */
export function placeFor({ x, y, width, gap }, size, taken, avoided) {
  if (x < 0 || y < 0 || x > size.x || y > size.y) return null;
  const across = Math.min(Math.max(x - width / 2, 4), size.x - width - 4); // shifted to stay inside
  const free = [[x + gap, y - 8], [x - gap - width, y - 8], [across, y - gap - height], [across, y + gap]]
    .map(([left, top]) => ({ left: left - 2, top, right: left + width + 2, bottom: top + height }))
    .filter((box) => box.left >= 0 && box.top >= 0 && box.right <= size.x && box.bottom <= size.y)
    .filter((box) => !taken.some((other) => overlap(box, other)));
  return free.find((box) => !avoided.some((other) => overlap(box, other))) ?? free[0] ?? null;
}

export const overlap = (one, other) =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/** What lies on the map and hides it: search, buttons, scale, legend, as boxes in pixels of `container`. */
export function controlsOn(container) {
  const origin = container.getBoundingClientRect();
  const shown = container.parentElement.querySelectorAll(
    '.leaflet-bar, .leaflet-control-scale, .leaflet-control-attribution, .search-line, .legend details');
  return [...shown].map((element) => element.getBoundingClientRect()).filter((box) => box.width && box.height)
    .map(({ left, top, right, bottom }) => ({
      left: left - origin.left - 2, top: top - origin.top - 2,
      right: right - origin.left + 2, bottom: bottom - origin.top + 2,
    }));
}
