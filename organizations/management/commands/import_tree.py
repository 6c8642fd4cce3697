"""``manage.py import_tree FILE.xlsx --organization CODE [--dry-run] [--accept-partial]``

Reads a list of organizations (mã, tên, cấp trên, loại hình …) and founds below CODE what is not there yet.
One JSON object on standard output: ``read`` is the sum of ``created``, ``updated``, ``unchanged``
and the rows ``refused`` (each once, with ``also`` for further faults);
``written`` says whether anything was. All or nothing unless ``--accept-partial``. Exit 1 when a row or the file is
refused, 2 when the call itself is wrong.
"""

from __future__ import annotations

from organizations.importing_command import ImportCommand
from organizations.services import trees


class Command(ImportCommand):
    help = "Nhập cây tổ chức từ tệp Excel vào dưới một tổ chức."
    examine = staticmethod(trees.examine)
    write = staticmethod(trees.write)
