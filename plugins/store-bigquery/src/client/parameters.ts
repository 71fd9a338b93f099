import type { JsonValue } from '@mobkit/core';

type ScalarType = 'BOOL' | 'DATE' | 'INT64' | 'STRING';

/** A value that a statement names as `@name`; never part of its text. */
export interface QueryParameter {
  readonly type: ScalarType;
  /** A list becomes an array, which may be empty. */
  readonly value: string | null | readonly string[];
}

export type QueryParameters = Readonly<Record<string, QueryParameter>>;

export const text = (value: string | null): QueryParameter => ({ type: 'STRING', value });
export const texts = (value: readonly string[]): QueryParameter => ({ type: 'STRING', value });
export const int64 = (value: number): QueryParameter => ({ type: 'INT64', value: String(value) });
export const bool = (value: boolean): QueryParameter => ({ type: 'BOOL', value: String(value) });
/** As `2026-01-31`. */
export const date = (value: string): QueryParameter => ({ type: 'DATE', value });

/** As a request carries them. */
export function toQueryParameters(parameters: QueryParameters): JsonValue {
  return Object.entries(parameters).map(([name, { type, value }]) =>
    Array.isArray(value)
      ? {
          name,
          parameterType: { type: 'ARRAY', arrayType: { type } },
          parameterValue: { arrayValues: value.map((one: string) => ({ value: one })) },
        }
      : { name, parameterType: { type }, parameterValue: { value: value as string | null } },
  );
}
