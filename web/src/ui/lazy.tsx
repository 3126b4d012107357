import type { ComponentChild } from "preact";
import { useEffect, useState } from "preact/hooks";
import { loadLaterTexts } from "../i18n/catalogue";

interface LazyProps<Module> {
  /** Stays the same function over all renders: `const load = () => import("…")` outside the component. */
  readonly load: () => Promise<Module>;
  readonly children: (module: Module) => ComponentChild;
  readonly waiting: ComponentChild;
  /** No network, or the server has been updated and its old files are gone. */
  readonly failed: ComponentChild;
}

/** What only some need is loaded when they come to it. */
export function Lazy<Module>({ load, children, waiting, failed }: LazyProps<Module>) {
  const [loaded, setLoaded] = useState<{ readonly of: unknown; readonly module: Module | undefined }>();
  useEffect(() => {
    let isWanted = true;
    const settle = (module: Module | undefined) => isWanted && setLoaded({ of: load, module });
    Promise.all([load(), loadLaterTexts()]).then(
      ([module]) => settle(module),
      () => settle(undefined),
    );
    return () => {
      isWanted = false;
    };
  }, [load]);
  if (loaded?.of !== load) return <>{waiting}</>;
  return <>{loaded.module === undefined ? failed : children(loaded.module)}</>;
}
