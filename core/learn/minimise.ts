/** L-BFGS for smooth convex functions (Nocedal & Wright 2006, algorithm 7.5), with a backtracking line search. */

/** Value at a point; writes the gradient. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

const MEMORY = 8;
const MOST_ITERATIONS = 200;
/** Largest component of the gradient at which a point counts as the minimum. */
const TOLERANCE = 1e-6;
/** Armijo constant: share of the promised decrease that a step must bring. */
const ENOUGH = 1e-4;

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function addScaled(target: Float64Array, source: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) + factor * (source[i] ?? 0);
}

interface Step {
  readonly moved: Float64Array;
  readonly turned: Float64Array;
  readonly rho: number;
}

/** Direction of descent from the gradient and the last steps (two-loop recursion). */
function directionOf(gradient: Float64Array, steps: readonly Step[]): Float64Array {
  const direction = gradient.map((value) => -value);
  const alphas: number[] = [];
  for (const { moved, turned, rho } of [...steps].reverse()) {
    const alpha = rho * dot(moved, direction);
    alphas.unshift(alpha);
    addScaled(direction, turned, -alpha);
  }
  const last = steps.at(-1);
  if (last) {
    const scale = 1 / (last.rho * dot(last.turned, last.turned));
    for (let i = 0; i < direction.length; i++) direction[i] = (direction[i] ?? 0) * scale;
  }
  steps.forEach(({ moved, turned, rho }, index) => {
    addScaled(direction, moved, (alphas[index] ?? 0) - rho * dot(turned, direction));
  });
  return direction;
}

/**
 * The point where a smooth convex function is smallest. Deterministic: the same function and start give the same point.
 * @param start is left as it is.
 */
export function minimise(objective: Objective, start: Float64Array): Float64Array {
  let point = Float64Array.from(start);
  let gradient = new Float64Array(point.length);
  let value = objective(point, gradient);
  const steps: Step[] = [];
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    if (gradient.every((part) => Math.abs(part) < TOLERANCE)) break;
    const direction = directionOf(gradient, steps);
    const slope = dot(gradient, direction);
    let length = steps.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    const nextGradient = new Float64Array(point.length);
    let next = point;
    let nextValue = Infinity;
    for (let halving = 0; halving < 40; halving++, length /= 2) {
      next = Float64Array.from(point);
      addScaled(next, direction, length);
      nextValue = objective(next, nextGradient);
      if (nextValue <= value + ENOUGH * length * slope) break;
    }
    if (!(nextValue < value)) break;
    const moved = next.map((part, i) => part - (point[i] ?? 0));
    const turned = nextGradient.map((part, i) => part - (gradient[i] ?? 0));
    const curvature = dot(moved, turned);
    if (curvature > 1e-12) steps.push({ moved, turned, rho: 1 / curvature });
    if (steps.length > MEMORY) steps.shift();
    [point, gradient, value] = [next, nextGradient, nextValue];
  }
  return point;
}
