/** Regions as a box of choices shows them: those we know by their place, those only the service named by their id. */
import { REGIONS } from '#contract/regions.ts';

interface RegionItem {
  value: string;
  label: string;
  detail: string;
  keywords: string;
}

/** `learnt`: ids that the service named. */
export function regionItems(language: 'en' | 'zh-CN', learnt: readonly string[]): RegionItem[] {
  const known = REGIONS.map(({ id, place }) => ({
    value: id,
    label: place[language],
    detail: id,
    keywords: `${place.en} ${place['zh-CN']}`,
  }));
  const fresh = learnt.filter((id) => !REGIONS.some((one) => one.id === id));
  return [...known, ...fresh.map((id) => ({ value: id, label: id, detail: '', keywords: '' }))];
}
