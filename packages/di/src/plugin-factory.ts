import type { MobPlugin } from './plugin.js';

/**
 * The export `plugin` of a package's `./plugin` door, by which an app loads a plugin that its config names. It opens
 * nothing, and throws for options that cannot be meant: a `MobError` with `details.field` names which.
 *
 * @param options - as the config has them, unchecked; empty when it has none.
 */
export type PluginFactory = (
  options: Readonly<Record<string, unknown>>,
  place: PluginPlace,
) => MobPlugin | Promise<MobPlugin>;

/** Where the plugin will work. */
export interface PluginPlace {
  /** The directory of the config, absolute: paths in the options are relative to it. */
  readonly directory: string;
  /** The app's state directory, absolute: made, and no other process's, when the first resource opens. */
  readonly state: string;
}
