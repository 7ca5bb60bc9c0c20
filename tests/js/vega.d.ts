// What the package's scripts use of Vega and of vega-embed.

interface VegaField {
  field: string;
  channel: string;
}

interface VegaRow {
  unit: string;
  fields: VegaField[];
  values: any[];
}

interface VegaItem {
  tooltip?: any;
  items?: VegaItem[];
}

interface VegaView {
  data(name: string): VegaRow[];
  data(name: string, rows: VegaRow[]): VegaView;
  signal(name: string): any;
  signal(name: string, value: unknown): VegaView;
  scale(channel: string): (value: unknown) => number;
  width(pixels: number): VegaView;
  container(): HTMLElement;
  scenegraph(): { root: VegaItem };
  toImageURL(kind: "png" | "svg", scale: number): Promise<string>;
  addSignalListener(name: string, listener: () => void): VegaView;
  runAsync(): Promise<VegaView>;
  finalize(): void;
}

type VegaEmbed = (
  place: HTMLElement,
  spec: object,
  options: object,
) => Promise<{ view: VegaView; finalize(): void }>;

// _support/vega.js sets it; panels/chart_view.js keeps the other while Vega is on its way.
/** charts/drawing.js sets it. */
interface ShopperCharts {
  dark?: Record<string, string>;
  isDark(): boolean;
  isPhone(): boolean;
  onScheme(callback: () => void): () => void;
  onPage(spec: Record<string, any>): Record<string, any>;
  unbroken(text: string): string;
  name(view: VegaView, place: Element, description: string): void;
  figures(view: VegaView): { columns: string[]; rows: string[][] };
  tools(chart: {
    view: VegaView;
    embed: VegaEmbed;
    spec: Record<string, any>;
    options: object;
    title: string;
  }): HTMLElement[];
}

declare var shopperCharts: ShopperCharts;
declare var shopperVegaEmbed: VegaEmbed;
declare var shopperVegaLoading: Promise<VegaEmbed> | undefined;
