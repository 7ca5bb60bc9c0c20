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

interface VegaView {
  data(name: string): VegaRow[];
  data(name: string, rows: VegaRow[]): VegaView;
  signal(name: string): any;
  signal(name: string, value: unknown): VegaView;
  scale(channel: string): (value: unknown) => number;
  width(pixels: number): VegaView;
  container(): HTMLElement;
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
declare var shopperVegaEmbed: VegaEmbed;
declare var shopperVegaLoading: Promise<VegaEmbed> | undefined;
