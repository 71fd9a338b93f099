/** How long what a runtime and its parts keep stays, by what it is: `events`, `ledger`, `schedules` and so on. */
export type DurabilityBySlot = Readonly<Record<string, 'durable' | 'process lifetime'>>;
