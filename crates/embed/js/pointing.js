// @ts-check
// Where a pointer is on a box that zoom, transforms or a perspective may have bent.

/**
 * Shares of the box's width and height.
 *
 * The map from the unit square to four corners is projective: Heckbert, Fundamentals of Texture Mapping
 * and Image Warping (1989), 2.2.3. Browsers don't agree on what `getScreenCTM` knows of transforms; of
 * where a box without a size is they do.
 * @param {Iterable<Element>} corners boxes without a size: upper left, upper right, lower right, lower left
 * @param {{ clientX: number, clientY: number }} event
 * @returns {[number, number]}
 */
export function locate(corners, { clientX, clientY }) {
  // From the pointer: what is sought maps to (0, 0).
  const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = Array.from(corners, (corner) => {
    const { left, top } = corner.getBoundingClientRect();
    return [left - clientX, top - clientY];
  });
  const cross = (
    /** @type {number} */ ax,
    /** @type {number} */ ay,
    /** @type {number} */ bx,
    /** @type {number} */ by,
  ) => ax * by - bx * ay;
  const [dx, dy] = [x0 - x1 + x2 - x3, y0 - y1 + y2 - y3];
  const [ax, ay, bx, by] = [x1 - x2, y1 - y2, x3 - x2, y3 - y2];
  const flat = cross(ax, ay, bx, by);
  const [g, h] = [cross(dx, dy, bx, by) / flat, cross(ax, ay, dx, dy) / flat];
  const [ux, uy] = [x1 - x0 + g * x1, y1 - y0 + g * y1];
  const [vx, vy] = [x3 - x0 + h * x3, y3 - y0 + h * y3];
  const whole = cross(ux, uy, vx, vy);
  return [cross(-x0, -y0, vx, vy) / whole, cross(ux, uy, -x0, -y0) / whole];
}
