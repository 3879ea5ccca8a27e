import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from "d3-scale";
import { line } from "d3-shape";

export interface Series {
  readonly name: string;
  /** x, y. */
  readonly points: readonly (readonly [number, number])[];
}

export interface Panel {
  readonly title: string;
  readonly across: string;
  readonly up: string;
  readonly series: readonly Series[];
}

const WIDTH = 720;
const HEIGHT = 360;
const MARGIN = { left: 72, right: 152, top: 40, bottom: 52 };

/** Okabe and Ito's colours, told apart by the colour-blind too. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a8a00", "#666666"];

/** Curves over a logarithmic axis, one panel below the other, as one SVG document. */
export function plot(panels: readonly Panel[]): string {
  const drawn = panels.map((panel, k) => `<g transform="translate(0 ${k * HEIGHT})">\n${draw(panel)}\n</g>`);
  const height = panels.length * HEIGHT;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
${drawn.join("\n")}
</svg>
`;
}

/** A page around the plot. */
export function page(title: string, svg: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>body { margin: 2rem auto; max-width: 48rem; padding: 0 1rem; } svg { max-width: 100%; height: auto; }</style>
${svg}</html>
`;
}

type Scale = ScaleContinuousNumeric<number, number>;

function draw({ title, across, up, series }: Panel): string {
  const points = series.flatMap((one) => one.points);
  const x = scaleLog(extent(points.map(([value]) => value)), [MARGIN.left, WIDTH - MARGIN.right]);
  const y = scaleLinear(extent(points.map(([, value]) => value)), [HEIGHT - MARGIN.bottom, MARGIN.top]).nice();
  const curve = line<readonly [number, number]>(
    ([value]) => x(value),
    ([, value]) => y(value),
  ).digits(2);
  const curves = series.map(
    (one, k) =>
      `<path d="${curve(one.points)}" fill="none" stroke="${colour(k)}" stroke-width="2"><title>${escaped(one.name)}</title></path>`,
  );
  return [
    `<text x="${MARGIN.left}" y="22" font-size="15" font-weight="600">${escaped(title)}</text>`,
    ...acrossTicks(x),
    ...upTicks(y),
    `<text x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${HEIGHT - 14}" text-anchor="middle">${escaped(across)}</text>`,
    `<text transform="translate(16 ${(MARGIN.top + HEIGHT - MARGIN.bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(up)}</text>`,
    ...curves,
    ...legend(series),
  ].join("\n");
}

function acrossTicks(x: Scale): string[] {
  const bottom = HEIGHT - MARGIN.bottom;
  const label = x.tickFormat(6, "~e");
  return x
    .ticks(6)
    .filter((tick) => label(tick) !== "")
    .map(
      (tick) =>
        `<path d="M${at(x(tick))} ${MARGIN.top}V${bottom}" stroke="#e4e4e4"/><text x="${at(x(tick))}" y="${bottom + 18}" text-anchor="middle">${label(tick)}</text>`,
    );
}

function upTicks(y: Scale): string[] {
  const label = y.tickFormat(6);
  return y
    .ticks(6)
    .map(
      (tick) =>
        `<path d="M${MARGIN.left} ${at(y(tick))}H${WIDTH - MARGIN.right}" stroke="#e4e4e4"/><text x="${MARGIN.left - 8}" y="${at(y(tick) + 4)}" text-anchor="end">${label(tick)}</text>`,
    );
}

function legend(series: readonly Series[]): string[] {
  const left = WIDTH - MARGIN.right + 16;
  return series.map(({ name }, k) => {
    const top = MARGIN.top + 18 * k;
    return `<path d="M${left} ${top}h18" stroke="${colour(k)}" stroke-width="2"/><text x="${left + 24}" y="${top + 4}">${escaped(name)}</text>`;
  });
}

function colour(k: number): string {
  return COLOURS[k % COLOURS.length]!;
}

/** The least and the greatest; a little apart where they are the same. */
function extent(values: readonly number[]): [number, number] {
  const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const greatest = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (least < greatest) return [least, greatest];
  const around = Math.abs(least) / 10 || 1;
  return [least - around, greatest + around];
}

function at(value: number): string {
  return value.toFixed(1);
}

function escaped(plain: string): string {
  return plain.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
