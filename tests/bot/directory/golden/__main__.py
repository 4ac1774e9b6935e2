"""Write the golden table anew. Read what changed line by line, as a safeguarding lead would, before it is kept."""

from __future__ import annotations

from tests.bot.directory.golden.table import TABLES, whole

for path, directory in TABLES.items():
    path.write_text(whole(directory), encoding="utf-8")
    print(f"{path.name}: {path.read_text(encoding='utf-8').count(chr(10))} lines")
