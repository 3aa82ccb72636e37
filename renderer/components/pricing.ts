/** Prices in words, before something is bought. */
import { formatMoney } from '#renderer/logic/money.ts';
import { useLanguage, useStores, useWords } from '#renderer/state/context.ts';
import { costWords } from '#renderer/words/cost.ts';

/** What pages cost this account, in words; null while pictures have no price. See PriceOf.svelte for the rest. */
export type PriceWords = (accountId: string, pictures: number | null, atMost: number) => string | null;

/** Call it while a component is made; what it answers follows prices and language. */
export function usePriceWords(): PriceWords {
  const { cost } = useStores();
  const t = useWords(costWords);
  const language = useLanguage();
  return (accountId, pictures, atMost) => {
    const view = cost.of(accountId);
    const price = pictures === null ? null : cost.priceOf(accountId, pictures);
    const most = cost.priceOf(accountId, atMost);
    if (!view || most === null) return null;
    const show = (micros: number): string => formatMoney(micros, view.currency, language());
    if (price === null) return t().atMost(show(most));
    if (most > price) return `${t().about(show(price))} · ${t().atMost(show(most))}`;
    return view.failuresMayCost ? t().atMost(show(most)) : t().about(show(price));
  };
}
