/** `auto` gives identities their profiles; whoever is not in the map is not spawned. */
export type SpawnPolicy =
  | { readonly mode: 'none' }
  | { readonly mode: 'auto'; readonly profile_map: Readonly<Record<string, string>> };
