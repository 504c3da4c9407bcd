import { type ColumnType, ColumnTypeEnum } from "@prisma/driver-adapter-utils";

// Types by oid that occur in PostgreSQL's catalogs and in _prisma_migrations.
const COLUMN_TYPES = new Map<number, ColumnType>([
  [16, ColumnTypeEnum.Boolean],
  // "char": the engine insists on a character for contype, confdeltype and their like.
  [18, ColumnTypeEnum.Character],
  [19, ColumnTypeEnum.Text],
  [20, ColumnTypeEnum.Int64],
  [21, ColumnTypeEnum.Int32],
  [23, ColumnTypeEnum.Int32],
  [25, ColumnTypeEnum.Text],
  [26, ColumnTypeEnum.Int64],
  [700, ColumnTypeEnum.Float],
  [701, ColumnTypeEnum.Double],
  [1000, ColumnTypeEnum.BooleanArray],
  [1002, ColumnTypeEnum.CharacterArray],
  [1003, ColumnTypeEnum.TextArray],
  [1005, ColumnTypeEnum.Int32Array],
  [1007, ColumnTypeEnum.Int32Array],
  [1009, ColumnTypeEnum.TextArray],
  [1015, ColumnTypeEnum.TextArray],
  [1016, ColumnTypeEnum.Int64Array],
  [1028, ColumnTypeEnum.Int64Array],
  [1042, ColumnTypeEnum.Text],
  [1043, ColumnTypeEnum.Text],
  [1114, ColumnTypeEnum.DateTime],
  [1184, ColumnTypeEnum.DateTime],
  [2950, ColumnTypeEnum.Uuid],
]);

/** The engine's word for a PostgreSQL type oid, undefined where it has none. */
export function columnType(oid: number): ColumnType | undefined {
  // Built-in types end below 16384; above are enums and domains, which are read as text.
  return COLUMN_TYPES.get(oid) ?? (oid >= 16384 ? ColumnTypeEnum.Text : undefined);
}

/** A value as node-postgres parsed it, as the engine wants it. */
export function columnValue(value: unknown): unknown {
  return value instanceof Date ? value.toISOString().replace("Z", "+00:00") : value;
}
