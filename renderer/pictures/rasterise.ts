/** Largest side of a PNG, px; beyond it browsers give an empty canvas. */
const MOST_PIXELS = 16_000;

/** Size of an SVG picture of ours, px. */
function sizeOf(svg: string): { readonly width: number; readonly height: number } {
  const size = (name: string) => Number(new RegExp(`^<svg[^>]* ${name}="([\\d.]+)"`).exec(svg)?.[1] ?? Number.NaN);
  return { width: size('width'), height: size('height') };
}

/**
 * Draws an SVG picture as PNG, `scale` pixels per px.
 * @throws Error when the picture cannot be drawn or would be too large.
 */
export async function rasterise(svg: string, scale: number): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height } = sizeOf(svg);
  const [across, down] = [Math.ceil(width * scale), Math.ceil(height * scale)];
  if (!(across > 0 && down > 0 && across <= MOST_PIXELS && down <= MOST_PIXELS)) {
    throw new Error(`A PNG of ${across} by ${down} pixels cannot be made. Choose a smaller scale, or SVG.`);
  }
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image(width, height);
    image.src = address;
    await image.decode();
    const canvas = new OffscreenCanvas(across, down);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('This computer gave no canvas to draw on. Save as SVG.');
    context.drawImage(image, 0, 0, across, down);
    const blob = await canvas.convertToBlob({ type: 'image/png' });
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    URL.revokeObjectURL(address);
  }
}
