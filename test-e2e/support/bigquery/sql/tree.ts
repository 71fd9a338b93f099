/** What a statement says, as far as this server understands it. */
export type Expression =
  | { readonly kind: 'literal'; readonly type: SqlType; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'path'; readonly names: readonly string[] }
  | Call
  | { readonly kind: 'not' | 'minus'; readonly of: Expression }
  | { readonly kind: 'binary'; readonly sign: string; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'between';
      readonly of: Expression;
      readonly low: Expression;
      readonly high: Expression;
      readonly not: boolean;
    }
  | { readonly kind: 'in'; readonly of: Expression; readonly among: Among; readonly not: boolean }
  | { readonly kind: 'is'; readonly of: Expression; readonly what: string; readonly not: boolean }
  | {
      readonly kind: 'case';
      readonly of?: Expression;
      readonly whens: readonly (readonly [Expression, Expression])[];
      readonly otherwise?: Expression;
    }
  | { readonly kind: 'cast'; readonly of: Expression; readonly type: SqlType; readonly safe: boolean }
  | { readonly kind: 'extract'; readonly part: string; readonly of: Expression }
  | { readonly kind: 'interval'; readonly of: Expression; readonly unit: string }
  | { readonly kind: 'subquery'; readonly query: Query; readonly as: 'value' | 'array' | 'exists' }
  | { readonly kind: 'array'; readonly items: readonly Expression[]; readonly element?: SqlType }
  | {
      readonly kind: 'struct';
      readonly fields: readonly { readonly name?: string; readonly value: Expression }[];
    }
  | {
      readonly kind: 'item';
      readonly of: Expression;
      readonly at: Expression;
      readonly from: 0 | 1;
      readonly safe: boolean;
    }
  | { readonly kind: 'field'; readonly of: Expression; readonly name: string };

export type Among =
  | { readonly list: readonly Expression[] }
  | { readonly query: Query }
  | { readonly unnest: Expression };

export interface Call {
  readonly kind: 'call';
  /** In capitals. */
  readonly name: string;
  readonly args: readonly Expression[];
  readonly distinct?: true;
  readonly orderBy?: readonly Order[];
  readonly limit?: Expression;
  readonly nulls?: 'IGNORE' | 'RESPECT';
  readonly having?: { readonly most: 'MAX' | 'MIN'; readonly of: Expression };
  readonly over?: Over;
}

export interface Over {
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly Order[];
  /** As written: it is the same in both languages. */
  readonly frame?: string;
}

export interface Order {
  readonly of: Expression;
  readonly down: boolean;
  readonly nulls?: 'FIRST' | 'LAST';
}

/** A type of the language, e.g. `{ name: 'ARRAY', of: { name: 'INT64' } }`. */
export interface SqlType {
  readonly name: string;
  readonly of?: SqlType;
  readonly fields?: readonly { readonly name: string; readonly type: SqlType }[];
}

export type Query =
  | Select
  | {
      readonly kind: 'set';
      readonly sign: string;
      readonly left: Query;
      readonly right: Query;
    }
  | {
      readonly kind: 'wrapped';
      readonly of: Query;
      readonly with: readonly { readonly name: string; readonly query: Query }[];
      readonly orderBy: readonly Order[];
      readonly limit?: Expression;
      readonly offset?: Expression;
    };

export interface Select {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly asStruct: boolean;
  readonly items: readonly SelectItem[];
  readonly from?: Source;
  readonly where?: Expression;
  readonly groupBy?: readonly Expression[] | 'ALL';
  readonly having?: Expression;
  readonly qualify?: Expression;
}

export type SelectItem =
  | { readonly kind: 'one'; readonly of: Expression; readonly alias?: string }
  | {
      readonly kind: 'all';
      readonly table?: string;
      readonly except: readonly string[];
      readonly replace: readonly { readonly of: Expression; readonly alias: string }[];
    };

export type Source =
  | { readonly kind: 'table'; readonly table: TablePath; readonly alias?: string }
  | { readonly kind: 'query'; readonly query: Query; readonly alias?: string }
  | { readonly kind: 'unnest'; readonly of: Expression; readonly alias?: string; readonly offset?: string }
  | {
      readonly kind: 'join';
      readonly how: string;
      readonly left: Source;
      readonly right: Source;
      readonly on?: Expression;
      readonly using?: readonly string[];
    };

/** As written, e.g. `project.dataset.table` in parts; one part may be a name given by `WITH`. */
export type TablePath = readonly string[];

export interface Assignment {
  readonly column: string;
  readonly value: Expression | 'DEFAULT';
}

export type MergeAction =
  | { readonly kind: 'update'; readonly set: readonly Assignment[] }
  | { readonly kind: 'delete' }
  | {
      readonly kind: 'insert';
      readonly columns: readonly string[];
      readonly values: readonly Expression[] | 'ROW';
    };

export interface MergeClause {
  readonly when: 'MATCHED' | 'NOT MATCHED' | 'NOT MATCHED BY SOURCE';
  readonly and?: Expression;
  readonly action: MergeAction;
}

export interface ColumnDefinition {
  readonly name: string;
  readonly type: SqlType;
  readonly required: boolean;
}

export type Statement =
  | { readonly kind: 'SELECT'; readonly query: Query }
  | {
      readonly kind: 'INSERT';
      readonly table: TablePath;
      readonly columns: readonly string[];
      readonly values: readonly (readonly Expression[])[] | Query;
    }
  | {
      readonly kind: 'UPDATE';
      readonly table: TablePath;
      readonly alias?: string;
      readonly set: readonly Assignment[];
      readonly from?: Source;
      readonly where: Expression;
    }
  | {
      readonly kind: 'DELETE';
      readonly table: TablePath;
      readonly alias?: string;
      readonly where: Expression;
    }
  | {
      readonly kind: 'MERGE';
      readonly table: TablePath;
      readonly alias?: string;
      readonly using: Source;
      readonly on: Expression;
      readonly clauses: readonly MergeClause[];
    }
  | { readonly kind: 'TRUNCATE_TABLE'; readonly table: TablePath }
  | {
      readonly kind: 'CREATE_TABLE';
      readonly table: TablePath;
      readonly orReplace: boolean;
      readonly ifNotExists: boolean;
      readonly columns?: readonly ColumnDefinition[];
      readonly partitionBy?: Expression;
      readonly clusterBy: readonly string[];
      readonly options: Options;
      readonly query?: Query;
    }
  | {
      readonly kind: 'CREATE_VIEW' | 'CREATE_MATERIALIZED_VIEW';
      readonly table: TablePath;
      readonly orReplace: boolean;
      readonly ifNotExists: boolean;
      readonly options: Options;
      readonly query: Query;
      /** The text of the query, which the view is known by. */
      readonly text: string;
    }
  | {
      readonly kind: 'DROP_TABLE' | 'DROP_VIEW' | 'DROP_MATERIALIZED_VIEW';
      readonly table: TablePath;
      readonly ifExists: boolean;
    }
  | {
      readonly kind: 'ALTER_TABLE';
      readonly table: TablePath;
      readonly add: readonly (ColumnDefinition & { readonly ifNotExists: boolean })[];
      readonly options: Options;
    };

export type Options = Readonly<Record<string, Expression>>;
