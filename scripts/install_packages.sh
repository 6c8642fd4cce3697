#!/bin/sh
# Installs Debian packages without questions and without starting the servers they bring:
# tests start their own PostgreSQL and Redis, and nobody's machine should serve more than before.
# Called as root by bootstrap.sh and bootstrap.py only.
set -eu
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d

if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    trap 'exit 130' INT TERM
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi

echo "Cài các gói hệ thống còn thiếu: $*"
apt-get -qq -o DPkg::Lock::Timeout=300 update </dev/null ||
    echo "Không cập nhật được danh mục gói; thử cài theo danh mục đang có." >&2
apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install -y --no-install-recommends "$@" </dev/null >/dev/null
