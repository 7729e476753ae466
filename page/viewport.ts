import type { Box } from './layout';

const ZOOM_STEP = 1.3;
/** The largest zoom: a unit of the drawing is at most this number of pixels. */
const MAX_SCALE = 3;
/** Below this, most of the text is too small to read. */
const FAR_SCALE = 0.45;
/** Below this, an element to which the view moves would be too small to read. */
const READABLE_SCALE = 0.6;

/** What is seen of a drawing: moved with the mouse, zoomed with its wheel, both also by methods. */
export class Viewport {
  private view: Box = { x: 0, y: 0, width: 1, height: 1 };
  private bounds: Box = this.view;

  constructor(private readonly drawing: SVGSVGElement) {
    drawing.addEventListener('wheel', (event) => this.onWheel(event), { passive: false });
    drawing.addEventListener('pointerdown', (event) => this.onPointerDown(event));
    new ResizeObserver(() => this.show(this.view)).observe(drawing);
    // A print has everything on one page.
    let before = this.view;
    window.addEventListener('beforeprint', () => {
      before = this.view;
      this.fit();
    });
    window.addEventListener('afterprint', () => this.show(before));
  }

  /** Shows a drawing of a new size: everything, or its top if that would be too small to read. */
  public reset(width: number, height: number): void {
    this.bounds = { x: 0, y: 0, width: Math.max(width, 1), height: Math.max(height, 1) };
    this.fit();
    if (this.scale() >= FAR_SCALE) return;
    const { clientWidth, clientHeight } = this.drawing;
    const viewHeight = (this.bounds.width * clientHeight) / clientWidth;
    if (viewHeight < this.bounds.height) this.show({ ...this.bounds, height: viewHeight });
  }

  /** Shows everything, but a small drawing not larger than it is. */
  public fit(): void {
    const { clientWidth, clientHeight } = this.drawing;
    this.show(
      around(this.bounds, Math.max(this.bounds.width, clientWidth), Math.max(this.bounds.height, clientHeight)),
    );
  }

  public zoomIn(): void {
    this.zoom(1 / ZOOM_STEP, this.center());
  }

  public zoomOut(): void {
    this.zoom(ZOOM_STEP, this.center());
  }

  /** Moves to a box if it is not seen, or too small. */
  public reveal(box: Box): void {
    const isSmall = this.scale() < READABLE_SCALE;
    if (!isSmall && isWithin(box, this.view)) return;
    const factor = isSmall ? this.scale() / READABLE_SCALE : 1;
    this.show(around(box, this.view.width * factor, this.view.height * factor));
  }

  /** Pixels for each unit of the drawing. */
  private scale(): number {
    const { clientWidth, clientHeight } = this.drawing;
    return Math.min(clientWidth / this.view.width, clientHeight / this.view.height) || 1;
  }

  private show(view: Box): void {
    this.view = view;
    this.drawing.setAttribute('viewBox', `${view.x} ${view.y} ${view.width} ${view.height}`);
    this.drawing.style.setProperty('--scale', String(this.scale()));
    this.drawing.classList.toggle('far', this.scale() < FAR_SCALE);
  }

  private zoom(factor: number, { x, y }: { readonly x: number; readonly y: number }): void {
    const { clientWidth } = this.drawing;
    const largest = around(this.bounds, this.bounds.width * 2, this.bounds.height * 2);
    if (factor < 1 && this.scale() >= MAX_SCALE) return;
    if (
      factor > 1 &&
      this.view.width >= Math.max(largest.width, clientWidth * 2) &&
      this.view.height >= largest.height
    ) {
      return;
    }
    const { view } = this;
    this.show({
      x: x - (x - view.x) * factor,
      y: y - (y - view.y) * factor,
      width: view.width * factor,
      height: view.height * factor,
    });
  }

  private center(): { readonly x: number; readonly y: number } {
    const { x, y, width, height } = this.view;
    return { x: x + width / 2, y: y + height / 2 };
  }

  private onWheel(event: WheelEvent): void {
    event.preventDefault();
    const toDrawing = this.drawing.getScreenCTM()?.inverse();
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(toDrawing);
    this.zoom(Math.exp(event.deltaY * 0.0015), point);
  }

  private onPointerDown(down: PointerEvent): void {
    if (down.button !== 0) return;
    const { view } = this;
    const scale = this.scale();
    const move = (event: PointerEvent) => {
      const [x, y] = [event.clientX - down.clientX, event.clientY - down.clientY];
      if (Math.hypot(x, y) > 3) this.drawing.classList.add('moving');
      this.show({ ...view, x: view.x - x / scale, y: view.y - y / scale });
    };
    const stop = () => {
      window.removeEventListener('pointermove', move);
      for (const type of ENDS) window.removeEventListener(type, stop);
      // After the click, which does not select what was only moved.
      setTimeout(() => this.drawing.classList.remove('moving'));
    };
    window.addEventListener('pointermove', move);
    for (const type of ENDS) window.addEventListener(type, stop);
  }
}

/** The events with which a movement ends; the browser may take it over, such as to scroll. */
const ENDS = ['pointerup', 'pointercancel'] as const;

function around({ x, y, width, height }: Box, newWidth: number, newHeight: number): Box {
  return { x: x - (newWidth - width) / 2, y: y - (newHeight - height) / 2, width: newWidth, height: newHeight };
}

function isWithin(inner: Box, outer: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}
