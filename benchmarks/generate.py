"""Write generated calls to a file, as many as you like, from a seed and with nobody's words in them.

    python -m benchmarks.generate calls.jsonl --calls 200000
    python -m benchmarks.generate calls.parquet --calls 1000000 --turns 16     # with the extra 'arrow'

Every other call is ordinary talk; the rest hold a line of harm, a question or an answer in one turn of eight. A Parquet
file has a row a call: ``call_id``, ``current_code`` and the list ``utterances``.
"""

from __future__ import annotations

import argparse
import json
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.cases import archive

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from triage_triggers import Call

__all__ = ["rows", "write_json_lines", "write_parquet"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path, help="a .jsonl or .parquet file")
    parser.add_argument("--calls", type=int, default=200_000)
    parser.add_argument("--turns", type=int, default=80, help="turns a call, of about 50 characters each")
    options = parser.parse_args()
    write = write_parquet if options.output.suffix == ".parquet" else write_json_lines
    write(options.output, archive(options.calls, turns=options.turns))
    print(f"{options.output}: {options.calls:,} calls, {options.output.stat().st_size:,} bytes")


def rows(calls: Iterable[Call]) -> Iterator[dict[str, Any]]:
    """Yield calls as they are written in JSON."""
    for call in calls:
        said = [{"text": utterance.text, "speaker": utterance.speaker} for utterance in call.utterances]
        yield {"call_id": call.call_id, "current_code": call.current_code, "utterances": said}


def write_json_lines(path: Path, calls: Iterable[Call]) -> None:
    """Write calls a line each."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(row)}\n" for row in rows(calls))


def write_parquet(path: Path, calls: Iterable[Call]) -> None:
    """Write calls a row each."""
    import pyarrow as pa  # noqa: PLC0415  an extra
    import pyarrow.parquet as pq  # noqa: PLC0415  an extra

    said = pa.list_(pa.struct([("text", pa.string()), ("speaker", pa.string())]))
    schema = pa.schema([("call_id", pa.string()), ("current_code", pa.string()), ("utterances", said)])
    source = rows(calls)
    with pq.ParquetWriter(path, schema) as writer:
        while group := list(islice(source, 5_000)):
            writer.write_batch(pa.RecordBatch.from_pylist(group, schema=schema))


if __name__ == "__main__":
    main()
