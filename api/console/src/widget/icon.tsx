// The few of the console's icons that the panel has; see ui/icon.tsx.
const paths = {
  inbox: "M3 11.5 5.2 4h9.6L17 11.5V16H3zM3 11.5h4l1.2 2.2h3.6L13 11.5h4",
  clock: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4.2l2.8 1.8",
  warn: "M10 3.5 17.5 16.5h-15zM10 8.5v3.5M10 14.2v.1",
  info: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 9.2v4M10 6.6v.1",
  check: "m4 10.5 4 4 8-9",
  lock: "M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  cloudOff: "M6.5 15.5H6a3.2 3.2 0 0 1-.5-6.4 4.6 4.6 0 0 1 .9-2M9 5.2a4.6 4.6 0 0 1 5.4 3.6A3.3 3.3 0 0 1 16.6 14M3 3l14 14",
  refresh: "M16 10a6 6 0 1 1-1.8-4.3M16 3.5v3.2h-3.2",
  flag: "M5 17V4h9.5l-1.8 3.5L14.5 11H5",
  thumbUp: "M3 9h3v7H3zM6 9l3-6c1.2 0 2 .8 1.9 2L10.5 8H15a1.4 1.4 0 0 1 1.4 1.7l-1 5A1.6 1.6 0 0 1 13.8 16H6",
  thumbDown: "M3 11h3V4H3zM6 11l3 6c1.2 0 2-.8 1.9-2l-.4-3H15a1.4 1.4 0 0 0 1.4-1.7l-1-5A1.6 1.6 0 0 0 13.8 4H6",
  right: "m8 5 5 5-5 5",
  left: "m12 5-5 5 5 5",
  out: "M8 4H4v12h12v-4M11 4h5v5M16 4l-7 7",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return <svg class="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d={paths[name]} /></svg>;
}
