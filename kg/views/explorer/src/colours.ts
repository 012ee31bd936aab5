// Scales that stay readable under the common kinds of colour blindness, and the colours of the page's themes.

export type Rgb = readonly [number, number, number];

// Anchors of one dark-to-light scale each (after viridis: van der Walt & Smith 2015), and of a blue-to-orange one.
const LIGHT_SCALE: readonly Rgb[] = [[239, 243, 248], [178, 205, 227], [106, 160, 203], [44, 109, 171], [8, 48, 107]];
const DARK_SCALE: readonly Rgb[] = [[33, 41, 51], [30, 71, 118], [38, 117, 180], [102, 171, 220], [222, 240, 255]];
const LIGHT_BOTH: readonly Rgb[] = [[179, 88, 6], [241, 163, 64], [240, 240, 242], [94, 133, 196], [24, 52, 120]];
const DARK_BOTH: readonly Rgb[] = [[255, 176, 90], [176, 96, 24], [40, 46, 54], [60, 110, 190], [170, 210, 255]];

/** The eight colours of Okabe and Ito (2008). */
export const GROUPS: readonly Rgb[] = [
  [230, 159, 0], [86, 180, 233], [0, 158, 115], [240, 228, 66], [0, 114, 178], [213, 94, 0], [204, 121, 167], [120, 130, 140],
];

export interface Theme {
  readonly dark: boolean;
  readonly paper: Rgb;
  readonly ink: Rgb;
  readonly quiet: Rgb;
  readonly line: Rgb;
  readonly accent: Rgb;
}

export const LIGHT: Theme = {
  dark: false, paper: [255, 255, 255], ink: [27, 36, 48], quiet: [85, 96, 110], line: [201, 208, 216], accent: [11, 92, 173],
};
export const DARK: Theme = {
  dark: true, paper: [18, 22, 28], ink: [232, 236, 241], quiet: [169, 180, 192], line: [58, 68, 80], accent: [125, 184, 245],
};

function mixed(scale: readonly Rgb[], at: number): Rgb {
  const place = Math.max(0, Math.min(1, at)) * (scale.length - 1);
  const low = Math.min(scale.length - 2, Math.floor(place));
  const share = place - low;
  const [from, to] = [scale[low]!, scale[low + 1]!];
  return [0, 1, 2].map((part) => Math.round(from[part]! + (to[part]! - from[part]!) * share)) as unknown as Rgb;
}

/** The colour at a place from 0 to 1 of a scale. */
export function coloured(at: number, diverging: boolean, dark: boolean): Rgb {
  if (diverging) return mixed(dark ? DARK_BOTH : LIGHT_BOTH, at);
  return mixed(dark ? DARK_SCALE : LIGHT_SCALE, at);
}

export function blended(colour: Rgb, paper: Rgb, share: number): Rgb {
  return [0, 1, 2].map((part) => Math.round(paper[part]! + (colour[part]! - paper[part]!) * share)) as unknown as Rgb;
}

export function css([r, g, b]: Rgb, alpha = 1): string {
  return alpha === 1 ? `rgb(${r},${g},${b})` : `rgba(${r},${g},${b},${alpha})`;
}

function luminance([r, g, b]: Rgb): number {
  const part = (value: number): number => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
}

/** Black or white, whichever stands out more against a colour (WCAG 2.2 contrast). */
export function inkOn(colour: Rgb): Rgb {
  const light = luminance(colour);
  return (light + 0.05) / 0.05 > 1.05 / (light + 0.05) ? [0, 0, 0] : [255, 255, 255];
}
