#!/bin/sh
# First step of every make target: makes sure of Python, then hands over to bootstrap.py.
# Plain sh, because on a bare machine there is nothing else yet.
set -eu
cd "$(dirname "$0")/.."

if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    if [ "$(id -u)" = 0 ]; then
        sh scripts/install_packages.sh python3 python3-venv
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        sudo -n sh scripts/install_packages.sh python3 python3-venv
    else
        echo "Máy chưa có Python 3.11. Hãy chạy dòng sau rồi gõ lại lệnh make:" >&2
        echo "  sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends python3 python3-venv'" >&2
        exit 1
    fi
fi
exec python3 scripts/bootstrap.py "$@"
