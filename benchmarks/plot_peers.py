"""Draw the figures of ``benchmarks.peers``; run by it, in the environment that has matplotlib.

python benchmarks/plot_peers.py results/peers-2026-01-31.json results/peers-2026-01-31.svg
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main() -> None:
    import matplotlib as mpl  # noqa: PLC0415

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "peers"
    from matplotlib import pyplot as plt  # noqa: PLC0415

    source, target = map(Path, sys.argv[1:])
    results = json.loads(source.read_text(encoding="utf-8"))["results"]
    sets = list(dict.fromkeys(result["calls"] for result in results))
    figure, axes = plt.subplots(1, len(sets), figsize=(6 * len(sets), 5), sharey=True, squeeze=False)
    for axis, name in zip(axes[0], sets, strict=True):
        for scanner in dict.fromkeys(result["scanner"] for result in results):
            own = [result for result in results if (result["calls"], result["scanner"]) == (name, scanner)]
            ours = scanner.startswith("triage_triggers")
            axis.plot(
                [result["phrases"] for result in own],
                [result["characters"] / result["seconds"] / 1e6 for result in own],
                marker="o",
                linewidth=2.5 if ours else 1,
                linestyle="-" if ours else "--",
                label=scanner,
            )
        axis.set(xscale="log", yscale="log", xlabel="phrases", title=name)
        axis.grid(visible=True, which="major", alpha=0.3)
    axes[0][0].set_ylabel("million characters a second, one process")
    handles, labels = axes[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=3, fontsize="small")
    figure.tight_layout(rect=(0, 0.16, 1, 1))
    figure.savefig(target, metadata={"Date": None})


if __name__ == "__main__":
    main()
