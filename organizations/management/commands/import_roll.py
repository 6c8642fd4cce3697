"""``manage.py import_roll FILE.xlsx --organization CODE [--dry-run] [--accept-partial]``

Reads a roll of members as staff keep it in Excel. One JSON object on standard output: ``read`` is the sum of
``created``, ``updated``, ``unchanged`` and the rows ``refused`` (each once, with ``also`` for further faults);
``written`` says whether anything was. All or nothing unless ``--accept-partial``. Exit 1 when a row or the file is
refused, 2 when the call itself is wrong.
"""

from __future__ import annotations

from organizations.importing_command import ImportCommand
from organizations.services import rolls


class Command(ImportCommand):
    help = "Nhập danh sách đảng viên từ tệp Excel vào một chi bộ, hoặc vào các chi bộ của một đảng bộ."
    examine = staticmethod(rolls.examine)
    write = staticmethod(rolls.write)
